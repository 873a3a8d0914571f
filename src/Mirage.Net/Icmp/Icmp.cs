using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>ICMP over IPv4: MirageOS's <c>Icmpv4.Make</c>, with the errors that it lacks.</summary>
/// <typeparam name="TIp">The IP layer.</typeparam>
public readonly struct Icmp<TIp> : IIcmp<Icmp<TIp>> where TIp : struct, IIp<TIp>
{
    private readonly IcmpCore<TIp> _core;

    private Icmp(IcmpCore<TIp> core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Icmp<TIp>> Impl => (Of<TIp>(), BootHost).Apply(static (ip, host) => Create(host, ip));

    /// <summary>Makes the layer on <paramref name="host"/>'s loop in code; its input is given to it.</summary>
    public static Icmp<TIp> Create(Host host, TIp ip)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(new(ip, host));
    }

    /// <inheritdoc/>
    public static string Group => TIp.Group;

    /// <inheritdoc/>
    public static ValueTask<Either<IcmpError, TimeSpan>> Echo(
        Icmp<TIp> icmp, IpAddress destination, ReadOnlyMemory<byte> data, CancellationToken cancellation = default) =>
        icmp._core.Echo(destination, data, cancellation);

    /// <inheritdoc/>
    public static void Reject(Icmp<TIp> icmp, in ReceivedPacket offending, IcmpUnreachable reason) =>
        icmp._core.Reject(offending, reason);

    /// <inheritdoc/>
    public static void Input<THandler>(Icmp<TIp> icmp, in ReceivedPacket packet, THandler handler)
        where THandler : struct, IIcmpHandler =>
        icmp._core.Input(packet, handler);

    internal static IcmpCounters Counters(Icmp<TIp> icmp) => icmp._core.Counters;
}
