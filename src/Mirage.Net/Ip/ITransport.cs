namespace Mirage.Net;

/// <summary>A transport over IP, as the wiring of a stack sees it: what IP and ICMP hand up goes here.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface ITransport<TSelf> : IDevice<TSelf> where TSelf : struct, ITransport<TSelf>
{
    /// <summary>Takes a packet of this transport. What is malformed is dropped and counted.</summary>
    /// <returns>False when nobody listens where the packet was sent, and its sender is to be told by
    /// <see cref="IcmpUnreachable.Port"/>, RFC 1122 section 4.1.3.1. A transport that answers such packets itself, as
    /// TCP by a reset, gives true.</returns>
    static abstract bool Input(TSelf transport, in ReceivedPacket packet);

    /// <summary>Takes an ICMP error about a packet that this transport may have sent.
    /// <paramref name="quotedTransport"/> has at least the first eight bytes of its header; nothing in it is
    /// trustworthy until matched with a flow, RFC 5927.</summary>
    static abstract void Unreachable(TSelf transport, in IcmpQuotation quotation, ReadOnlySpan<byte> quotedTransport);
}
