using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>What a <see cref="Netif"/> was connected to: a descriptor of the kernel or the user-mode network.</summary>
internal abstract class Link
{
    private long _receivedFrames;
    private long _receivedBytes;
    private long _sentFrames;
    private long _sentBytes;
    private long _dropped;

    /// <summary>What the link can do; constant.</summary>
    public abstract NetworkInfo Info { get; }

    /// <summary>Who is called for each frame; nobody before the first listener.</summary>
    public FrameSink? Sink { get; set; }

    public NetworkCounters Counters => new(_receivedFrames, _receivedBytes, _sentFrames, _sentBytes, _dropped);

    /// <summary>Sends one frame before the call returns.</summary>
    public abstract WriteStatus Write(ref TransmitFrame frame);

    public virtual Either<NetworkError, Option<Endpoint>> Expose(IpProtocol protocol, ushort port) => Option<Endpoint>.None;

    public virtual void Conceal(IpProtocol protocol, ushort port) { }

    /// <summary>Gives the link back; called again, does nothing.</summary>
    public abstract ValueTask Close();

    protected void HandUp(in ReceivedFrame frame)
    {
        if (Sink is not { } sink)
        {
            _dropped++;
            return;
        }

        _receivedFrames++;
        _receivedBytes += frame.Bytes.Length;
        sink.Input(frame);
    }

    protected void CountSent(int length)
    {
        _sentFrames++;
        _sentBytes += length;
    }

    protected void CountDropped() => _dropped++;

    /// <summary>Whether the frame is longer than a link with these abilities takes.</summary>
    protected static bool IsTooLong(in NetworkInfo info, in TransmitFrame frame)
    {
        const int EthernetHeader = 14;
        var limit = frame.Segmentation == Segmentation.None ? info.Mtu : info.SegmentationLimit;
        return frame.Length - EthernetHeader > limit;
    }
}
