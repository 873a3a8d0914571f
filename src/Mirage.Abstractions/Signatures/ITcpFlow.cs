namespace Mirage;

/// <summary>A flow over TCP, which tells of its connection. What a stack gives as <see cref="IFlow"/> is one.</summary>
public interface ITcpFlow : IFlow
{
    /// <summary>How the connection is now; once it is closed, how it was at the end.</summary>
    TcpInfo Info { get; }
}
