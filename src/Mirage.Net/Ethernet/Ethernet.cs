using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>Ethernet II over any link: MirageOS's <c>Ethernet.Make</c>.</summary>
/// <remarks>
/// Frames shorter than 60 bytes are not padded: links that need it (a wire) have a driver below that pads, links that
/// do not (a TAP, another unikernel) are spared the bytes, and no stale memory can leak into padding that does not
/// exist. A frame with a priority tag of VLAN 0 is taken as if it had none; frames of a VLAN are dropped.
/// </remarks>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct Ethernet<TNetwork> : IEthernet<Ethernet<TNetwork>> where TNetwork : struct, INetwork<TNetwork>
{
    private readonly Core _core;

    private Ethernet(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Ethernet<TNetwork>> Impl => Of<TNetwork>().Map(Create);

    /// <summary>Makes the layer over <paramref name="network"/> in code; its input is given to it.</summary>
    public static Ethernet<TNetwork> Create(TNetwork network) => new(new Core(network));

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <inheritdoc/>
    public static NetworkInfo Info(Ethernet<TNetwork> ethernet) => ethernet._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(
        Ethernet<TNetwork> ethernet, MacAddress destination, EtherType type, ref TransmitFrame frame) =>
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
            if (frame.Length > Info.LimitOf(frame.Segmentation))
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
            else
                Dispatch(header, new ReceivedFrame(
                    frame.Bytes[EthernetHeader.FixedSize..], frame.ChecksumValid, frame.SegmentSize,
                    header.Destination.IsGroup), handler);
        }

        private void Dispatch<THandler>(in EthernetHeader header, in ReceivedFrame payload, THandler handler)
            where THandler : struct, IEthernetHandler
        {
            switch (header.Type)
            {
                case EtherType.Ipv4:
                    handler.Ipv4(payload);
                    break;
                case EtherType.Arp:
                    handler.Arp(payload);
                    break;
                case EtherType.Ipv6:
                    handler.Ipv6(payload);
                    break;
                case VlanTag.EtherType:
                    Untag(header, payload, handler);
                    break;
                default:
                    Counters.InUnknownProtos++;
                    break;
            }
        }

        // IEEE 802.1Q: identifier 0 says that the frame belongs to no VLAN and has a priority only. A tag in a tag is
        // of some VLAN.
        private void Untag<THandler>(in EthernetHeader header, in ReceivedFrame tagged, THandler handler)
            where THandler : struct, IEthernetHandler
        {
            if (VlanTag.Parse(tagged.Bytes, out var tag) is not ParseStatus.Ok)
                Counters.InErrors++;
            else if (tag.Identifier != 0 || tag.Type == VlanTag.EtherType)
                Counters.InTagged++;
            else
                Dispatch(header with { Type = tag.Type }, tagged.Slice(VlanTag.FixedSize), handler);
        }
    }
}
