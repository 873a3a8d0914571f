using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>
/// A link with a smaller MTU. Frames that are too long are lost, and a link that declares its MTU says so to the
/// sender.
/// </summary>
/// <remarks>An undeclared limit is the black hole of RFC 2923 section 2.1: the stack believes in the MTU of the link
/// below.</remarks>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct MtuLimited<TNetwork> : INetwork<MtuLimited<TNetwork>> where TNetwork : struct, INetwork<TNetwork>
{
    private const int EthernetHeader = 14;

    private static readonly Key<int> s_mtu =
        Key.Optional("link-mtu", VirtualLinkOptions.MtuMax, "The longest frame without its Ethernet header.");

    private readonly Core _core;

    private MtuLimited(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<MtuLimited<TNetwork>> Impl =>
        (Of<TNetwork>(), s_mtu).Apply(static (network, mtu) => Over(network, mtu));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes the link over <paramref name="network"/> with an MTU of at most <paramref name="mtu"/> bytes, declared or
    /// not.
    /// </summary>
    public static MtuLimited<TNetwork> Over(TNetwork network, int mtu, bool declared = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mtu, VirtualLinkOptions.MtuMin);
        return new(new Core(network, mtu, declared));
    }

    /// <summary>What the link has done so far.</summary>
    public static LinkFaultCounters Faults(MtuLimited<TNetwork> network) => network._core.Faults;

    /// <inheritdoc/>
    public static NetworkInfo Info(MtuLimited<TNetwork> network) => network._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(MtuLimited<TNetwork> network, ref TransmitFrame frame) =>
        network._core.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(MtuLimited<TNetwork> network, THandler handler)
        where THandler : struct, IFrameHandler => network._core.Listen(handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(MtuLimited<TNetwork> network) => network._core.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        MtuLimited<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(MtuLimited<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(MtuLimited<TNetwork> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private sealed class Core(TNetwork network, int mtu, bool declared) : LinkFilter<TNetwork>(network)
    {
        // Frames that the link below would cut are cut by the stack instead, so that each can be measured.
        public override NetworkInfo Info => base.Info with
        {
            Mtu = declared ? Math.Min(base.Info.Mtu, mtu) : base.Info.Mtu,
            SegmentationLimit = 0,
            UdpSegmentationLimit = 0,
        };

        public override WriteStatus Write(ref TransmitFrame frame)
        {
            if (frame.Length - EthernetHeader > mtu)
                Count(LinkDirections.Sent);
            return base.Write(ref frame);
        }

        // What is not declared swallows the frames that it does not carry.
        protected override WriteStatus Send(ref TransmitFrame frame) =>
            frame.Length - EthernetHeader > mtu ? WriteStatus.Ok : TNetwork.Write(Network, ref frame);

        protected override void Receive(in ReceivedFrame frame)
        {
            if (frame.Bytes.Length - EthernetHeader <= mtu)
                Deliver(frame);
            else
                Count(LinkDirections.Received);
        }
    }
}
