namespace Mirage.Net;

/// <summary>What a segment does to a connection in TIME-WAIT.</summary>
internal enum TcpTimeWaitAnswer
{
    /// <summary>Nothing.</summary>
    Drop,

    /// <summary>It is acknowledged.</summary>
    Acknowledge,

    /// <summary>It is acknowledged, and the time begins anew.</summary>
    Restart,
}
