using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>
/// A link that flips one bit of some IP packets, behind the Ethernet header, where their checksums can tell.
/// </summary>
/// <remarks>The checksum of the Ethernet frame, which would notice everything, is not part of a frame here. Offloads of
/// the link below are not passed on: a checksum that is not there protects nothing.</remarks>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct Corrupting<TNetwork> : INetwork<Corrupting<TNetwork>> where TNetwork : struct, INetwork<TNetwork>
{
    private const int EthernetHeader = 14;

    private static readonly Key<int> s_corruption =
        Key.Optional("corruption", 0, "Packets of 1,000 in which the link flips a bit.");

    private readonly Core _core;

    private Corrupting(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Corrupting<TNetwork>> Impl =>
        (BootHost, Of<TNetwork>(), s_corruption).Apply(
            static (host, network, permille) => Over(host, network, permille));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Makes the link over <paramref name="network"/>; <paramref name="permille"/> of 1,000 frames are changed.
    /// </summary>
    public static Corrupting<TNetwork> Over(
        Host host, TNetwork network, int permille, LinkDirections directions = LinkDirections.Both) =>
        new(new Core(network, new LinkChance(host, permille, directions)));

    /// <summary>What the link has done so far.</summary>
    public static LinkFaultCounters Faults(Corrupting<TNetwork> network) => network._core.Faults;

    /// <inheritdoc/>
    public static NetworkInfo Info(Corrupting<TNetwork> network) => network._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(Corrupting<TNetwork> network, ref TransmitFrame frame) =>
        network._core.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(Corrupting<TNetwork> network, THandler handler)
        where THandler : struct, IFrameHandler => network._core.Listen(handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(Corrupting<TNetwork> network) => network._core.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        Corrupting<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(Corrupting<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Corrupting<TNetwork> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private sealed class Core(TNetwork network, LinkChance chance) : LinkFilter<TNetwork>(network)
    {
        private readonly FramePool _pool = new();

        public override NetworkInfo Info => base.Info with
        {
            ChecksumOffload = false,
            SegmentationLimit = 0,
            UdpSegmentationLimit = 0,
        };

        protected override WriteStatus Send(ref TransmitFrame frame)
        {
            if (!chance.Strikes(LinkDirections.Sent))
                return TNetwork.Write(Network, ref frame);
            var copy = _pool.Rent(frame);
            Flip(copy.Bytes, LinkDirections.Sent);
            var status = copy.Send(Network);
            _pool.Return(copy);
            return status;
        }

        protected override void Receive(in ReceivedFrame frame)
        {
            if (!chance.Strikes(LinkDirections.Received))
            {
                Deliver(frame);
                return;
            }

            var copy = _pool.Rent(frame);
            if (frame.ChecksumValid)
                FrameChecksum.Complete(copy.Bytes); // The sender may have left it to the link below.
            Flip(copy.Bytes, LinkDirections.Received);
            Deliver(new ReceivedFrame(copy.Bytes, checksumValid: false, frame.SegmentSize));
            _pool.Return(copy);
        }

        private void Flip(Span<byte> frame, LinkDirections direction)
        {
            if (!FrameChecksum.IsIp(frame))
                return; // ARP has no checksum: a changed packet would be believed.
            Count(direction);
            var packet = frame[EthernetHeader..];
            packet[chance.Random.Below(packet.Length)] ^= (byte)(1 << chance.Random.Below(8));
        }
    }
}
