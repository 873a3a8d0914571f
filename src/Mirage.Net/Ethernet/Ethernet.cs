using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>Ethernet II over any link: MirageOS's <c>Ethernet.Make</c>.</summary>
/// <remarks>
/// Frames shorter than 60 bytes are not padded: links that need it (a wire) have a driver below that pads, links that do not (a TAP,
/// another unikernel) are spared the bytes, and no stale memory can leak into padding that does not exist. A frame with a priority tag
/// of VLAN 0 is taken as if it had none; frames of a VLAN are dropped.
/// </remarks>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct Ethernet<TNetwork> : IEthernet<Ethernet<TNetwork>> where TNetwork : struct, INetwork<TNetwork>
{
    private readonly Core _core;

    private Ethernet(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Ethernet<TNetwork>> Impl => Of<TNetwork>().Map(static network => new Ethernet<TNetwork>(new Core(network)));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <inheritdoc/>
    public static NetworkInfo Info(Ethernet<TNetwork> ethernet) => ethernet._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(Ethernet<TNetwork> ethernet, MacAddress destination, EtherType type, ref TransmitFrame frame) =>
        ethernet._core.Write(destination, type, ref frame);

    /// <inheritdoc/>
    public static void Input<THandler>(Ethernet<TNetwork> ethernet, in ReceivedFrame frame, THandler handler)
        where THandler : struct, IEthernetHandler => ethernet._core.Input(frame, handler);

    internal static EthernetCounters Counters(Ethernet<TNetwork> ethernet) => ethernet._core.Counters;

    private sealed class Core(TNetwork network)
    {
        public NetworkInfo Info { get; } = TNetwork.Info(network);

        public EthernetCounters Counters { get; } = new();

        public WriteStatus Write(MacAddress destination, EtherType type, ref TransmitFrame frame)
        {
            var longest = frame.Segmentation == Segmentation.None ? Info.Mtu : Info.SegmentationLimit;
            if (frame.Length > longest)
            {
                Counters.OutTooLong++;
                return WriteStatus.TooLong;
            }

            new EthernetHeader(destination, Info.Mac, type).Emit(frame.Prepend(EthernetHeader.FixedSize));
            return TNetwork.Write(network, ref frame);
        }

        public void Input<THandler>(in ReceivedFrame frame, THandler handler) where THandler : struct, IEthernetHandler
        {
            switch (EthernetHeader.Parse(frame.Bytes, out var header))
            {
                case ParseStatus.Ok:
                    break;
                case ParseStatus.Unsupported:
                    Counters.InUnknownProtos++;
                    return;
                default:
                    Counters.InErrors++;
                    return;
            }

            if (header.Source.IsGroup)
                Counters.InGroupSources++;
            else if (header.Destination != Info.Mac && !header.Destination.IsGroup)
                Counters.InForeign++;
            else if (header.Type == VlanTag.EtherType)
                Untag(frame.Slice(EthernetHeader.FixedSize), header.Destination, handler);
            else
                Dispatch(header.Type, frame.Slice(EthernetHeader.FixedSize), header.Destination, handler);
        }

        // IEEE 802.1Q: identifier 0 says that the frame belongs to no VLAN and has a priority only.
        private void Untag<THandler>(in ReceivedFrame tagged, MacAddress destination, THandler handler) where THandler : struct, IEthernetHandler
        {
            if (VlanTag.Parse(tagged.Bytes, out var tag) is not ParseStatus.Ok)
                Counters.InErrors++;
            else if (tag.Identifier != 0)
                Counters.InTagged++;
            else
                Dispatch(tag.Type, tagged.Slice(VlanTag.FixedSize), destination, handler);
        }

        private void Dispatch<THandler>(EtherType type, in ReceivedFrame payload, MacAddress destination, THandler handler)
            where THandler : struct, IEthernetHandler
        {
            switch (type)
            {
                case EtherType.Ipv4:
                    handler.Ipv4(payload, destination);
                    break;
                case EtherType.Arp:
                    handler.Arp(payload);
                    break;
                case EtherType.Ipv6:
                    handler.Ipv6(payload, destination);
                    break;
                default:
                    Counters.InUnknownProtos++;
                    break;
            }
        }
    }
}
