using LanguageExt;

namespace Mirage.Net;

/// <summary>What every functor from link to link shares: frames pass through it in both directions.</summary>
internal abstract class LinkFilter<TNetwork>(TNetwork network) where TNetwork : struct, INetwork<TNetwork>
{
    private const int EthernetHeader = 14;

    private FrameSink? _listener;
    private LinkFaultCounters _faults;
    private bool _isDisconnected;

    public virtual NetworkInfo Info => TNetwork.Info(network);

    public NetworkCounters Counters => TNetwork.Counters(network);

    public LinkFaultCounters Faults => _faults;

    protected TNetwork Network => network;

    public virtual WriteStatus Write(ref TransmitFrame frame)
    {
        if (_isDisconnected)
            return WriteStatus.Disconnected;
        return frame.Length - EthernetHeader > Info.LimitOf(frame.Segmentation) ? WriteStatus.TooLong : Send(ref frame);
    }

    public void Listen<THandler>(THandler handler) where THandler : struct, IFrameHandler
    {
        _listener = FrameSink.Of(handler);
        TNetwork.Listen(network, new Tap(this));
    }

    /// <summary>Lets go of what is held; frames are neither handed up nor taken any longer.</summary>
    public virtual void Disconnect() => (_listener, _isDisconnected) = (null, true);

    public Either<NetworkError, Option<Endpoint>> Expose(IpProtocol protocol, ushort port) =>
        TNetwork.Expose(network, protocol, port);

    public void Conceal(IpProtocol protocol, ushort port) => TNetwork.Conceal(network, protocol, port);

    /// <summary>A frame of this end, no longer than the link takes.</summary>
    protected abstract WriteStatus Send(ref TransmitFrame frame);

    /// <summary>A frame of the link below.</summary>
    protected abstract void Receive(in ReceivedFrame frame);

    protected void Deliver(in ReceivedFrame frame) => _listener?.Input(frame);

    protected void Count(LinkDirections direction) => _faults = direction is LinkDirections.Sent
        ? _faults with { Sent = _faults.Sent + 1 }
        : _faults with { Received = _faults.Received + 1 };

    protected void CountOverflow() => _faults = _faults with { Overflowed = _faults.Overflowed + 1 };

    private readonly struct Tap(LinkFilter<TNetwork> filter) : IFrameHandler
    {
        public void Input(in ReceivedFrame frame) => filter.Receive(frame);
    }
}
