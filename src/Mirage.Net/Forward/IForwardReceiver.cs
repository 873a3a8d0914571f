namespace Mirage.Net;

/// <summary>Who takes the datagrams of a <see cref="ForwardedDatagrams"/>.</summary>
public interface IForwardReceiver
{
    /// <summary>Takes a datagram that is valid during the call.</summary>
    void Input(ReadOnlySpan<byte> payload);

    /// <summary>Hears that the flow is over: it was silent too long, gave its place to another, the peer has closed its
    /// port, or nothing is forwarded any more. A flow that is disposed hears nothing.</summary>
    void Closed();
}
