using System.IO.Pipelines;

namespace Mirage;

/// <summary>An established connection: two ordered, reliable streams of bytes. MirageOS's FLOW.</summary>
/// <remarks>
/// <para><see cref="IDuplexPipe.Input"/> gives what the peer sent; it completes at the peer's end of stream. What is
/// not consumed closes the window: a slow reader slows the peer down. When the connection fails, reading and flushing
/// throw
/// <see cref="FlowException"/> with the <see cref="TcpError"/>.</para>
/// <para><see cref="IDuplexPipe.Output"/> takes what is to be sent; a flush completes when there is room for more, not
/// when the peer has acknowledged. Completing it ends our stream, and the other direction still works (half-close).
/// Completing it with an exception resets the connection.</para>
/// <para>Disposing a flow closes it: what was written is still delivered, and bytes that nobody read make it a reset,
/// RFC 9293 section 3.6.1. A flow is used on its loop only.</para>
/// </remarks>
public interface IFlow : IDuplexPipe, IAsyncDisposable
{
    /// <summary>This end.</summary>
    Endpoint Local { get; }

    /// <summary>The peer's end.</summary>
    Endpoint Remote { get; }

    /// <summary>Resets the connection at once: what was not delivered is lost, and the peer is told.</summary>
    void Abort();
}
