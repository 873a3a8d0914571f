using LanguageExt;

namespace Mirage;

/// <summary>ICMP of either family: MirageOS's ICMP.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IIcmp<TSelf> : IDevice<TSelf> where TSelf : struct, IIcmp<TSelf>
{
    /// <summary>Sends an echo request and gives the time to its reply.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first.</exception>
    static abstract ValueTask<Either<IcmpError, TimeSpan>> Echo(
        TSelf icmp, IpAddress destination, ReadOnlyMemory<byte> data, CancellationToken cancellation = default);

    /// <summary>
    /// Tells the sender of <paramref name="offending"/> why it was not taken, within the rate limit. Nothing is sent
    /// about an ICMP error, a broadcast or a fragment but the first, RFC 1122 section 3.2.2.
    /// </summary>
    static abstract void Reject(TSelf icmp, in ReceivedPacket offending, IcmpUnreachable reason);

    /// <summary>Hands over a received message. Echo requests are answered; errors about a packet of ours go to
    /// <paramref name="handler"/>.</summary>
    static abstract void Input<THandler>(TSelf icmp, in ReceivedPacket packet, THandler handler)
        where THandler : struct, IIcmpHandler;
}
