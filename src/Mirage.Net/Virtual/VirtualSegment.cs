using System.Diagnostics;

namespace Mirage.Net;

/// <summary>What the ports of one hub share.</summary>
internal sealed class VirtualSegment(Host host, VirtualLinkOptions options)
{
    private const int EthernetHeader = 14;
    private const string Waiting = "frames that wait in a virtual link";

    private readonly List<VirtualStation> _stations = [];
    private Holding? _holding;

    public VirtualLinkOptions Options { get; } = options.Checked();

    public EventLoop Loop => host.Loop;

    public FramePool Pool { get; } = new(Waiting, host.PoisonsReturned);

    public VirtualPort Attach(MacAddress? mac)
    {
        var info = new NetworkInfo(mac ?? MacAddress.Local(new RandomSource(host).NextLong()), Options.Mtu)
        {
            ChecksumOffload = Options.ChecksumOffload,
            SegmentationLimit = Options.SegmentationLimit,
            UdpSegmentationLimit = Options.UdpSegmentationLimit,
        };
        var station = new VirtualStation(this, info);
        if (_stations.Count == 0)
            _holding = host.Holdings.Add(Waiting, () => Pool.Rented);
        _stations.Add(station);
        return new VirtualPort(station);
    }

    /// <summary>The station has given back what waited for it.</summary>
    public void Detach(VirtualStation station)
    {
        if (_stations.Remove(station) && _stations.Count == 0)
            _holding?.Dispose();
    }

    /// <summary>Gives every other port a copy; full when none of them had room.</summary>
    public WriteStatus Carry(VirtualStation sender, ref TransmitFrame frame)
    {
        Debug.Assert(Options.ChecksumOffload || !frame.NeedsChecksum, "Only what the link declares is asked of it.");
        if (frame.Length - EthernetHeader > sender.Info.LimitOf(frame.Segmentation))
            return WriteStatus.TooLong;
        var (others, taken) = (0, 0);
        foreach (var station in _stations)
        {
            if (station == sender)
                continue;
            others++;
            taken += station.TryEnqueue(ref frame) ? 1 : 0;
        }

        return taken == 0 && others > 0 ? WriteStatus.Full : WriteStatus.Ok;
    }
}
