namespace Mirage.Net;

/// <summary>What a listener does with a segment of no connection.</summary>
internal enum TcpListenAnswer
{
    /// <summary>Nothing.</summary>
    Drop,

    /// <summary>Answers with <see cref="TcpReset.For"/>.</summary>
    Reset,

    /// <summary>Opens a connection by <see cref="TcpMachine.HandleSyn"/>, when there is room for one.</summary>
    Open,
}
