namespace Mirage.Testing;

/// <summary>A port of a network: the hardware that <see cref="SimNetif"/> drives.</summary>
public sealed class SimPort : ILoopInput, ISimHardware
{
    private const int BatchFrames = 64; // As every link of this system.
    private const int QueueFrames = 1024;
    private const int EthernetHeader = 14;

    private readonly Queue<SimFrame> _queue = new();
    private byte[] _scratch = new byte[1600];
    private FrameInput? _listener;
    private EventLoop? _loop;
    private bool _isRequested;
    private NetworkCounters _counters;

    internal SimPort(SimNet net, SimMachine machine, int index, MacAddress mac)
    {
        (Net, Machine, Index) = (net, machine, index);
        Info = new NetworkInfo(mac, net.Mtu);
    }

    internal delegate void FrameInput(in ReceivedFrame frame);

    /// <summary>The network.</summary>
    public SimNet Net { get; }

    /// <summary>The machine whose port it is.</summary>
    public SimMachine Machine { get; }

    /// <summary>Its address and its MTU.</summary>
    public NetworkInfo Info { get; }

    internal int Index { get; }

    internal NetworkCounters Counters => _counters;

    internal SimCapture? Capture { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Machine.Name}/{Net.Name}";

    /// <summary>A device begins to drive the port, in place of the one before: gives what it is known by.</summary>
    internal long Drive(Host host)
    {
        Detach();
        _loop = host.Loop;
        _counters = default;
        return ++Session;
    }

    /// <summary>The device that drives the port.</summary>
    internal long Session { get; private set; }

    internal void Listen(FrameInput listener) => _listener = listener;

    internal WriteStatus Write(ref TransmitFrame frame)
    {
        var status = _loop is null ? WriteStatus.Disconnected
            : frame.Length - EthernetHeader > Info.Mtu ? WriteStatus.TooLong : WriteStatus.Ok;
        if (status is not WriteStatus.Ok)
        {
            _counters = _counters with { Dropped = _counters.Dropped + 1 };
            return status;
        }

        _counters = _counters with
        {
            SentFrames = _counters.SentFrames + 1,
            SentBytes = _counters.SentBytes + frame.Length,
        };
        if (_scratch.Length < frame.Length)
            _scratch = new byte[frame.Length];
        var bytes = _scratch.AsSpan(0, frame.Length);
        frame.CopyTo(bytes);
        Capture?.Write(bytes);
        Net.Carry(this, bytes);
        return WriteStatus.Ok;
    }

    /// <summary>Takes a frame of the network; false when nobody drives the port or its queue is full.</summary>
    internal bool TryEnqueue(SimFrame frame)
    {
        if (_loop is null || _queue.Count >= QueueFrames)
            return false;
        _queue.Enqueue(frame);
        if (_isRequested)
            return true;
        _isRequested = true;
        _loop.RequestInput(this);
        return true;
    }

    bool ILoopInput.TakeBatch()
    {
        for (var count = 0; count < BatchFrames && _queue.TryDequeue(out var frame); count++)
        {
            Capture?.Write(frame.Bytes);
            _counters = _listener is null
                ? _counters with { Dropped = _counters.Dropped + 1 }
                : _counters with
                {
                    ReceivedFrames = _counters.ReceivedFrames + 1,
                    ReceivedBytes = _counters.ReceivedBytes + frame.Length,
                };
            _listener?.Invoke(new ReceivedFrame(frame.Bytes));
            Net.Return(frame);
        }

        return _isRequested = _queue.Count > 0;
    }

    /// <inheritdoc/>
    public void Detach()
    {
        if (_isRequested)
            _loop?.WithdrawInput(this);
        (_loop, _listener, _isRequested) = (null, null, false);
        while (_queue.TryDequeue(out var frame))
            Net.Return(frame);
    }

    /// <inheritdoc/>
    public void PowerCut() => Detach();

    /// <inheritdoc/>
    public void Heal() { } // Its network is healed by itself.

    /// <inheritdoc/>
    public void Report(Action<string> line) { } // The network tells what becomes of frames.

    /// <inheritdoc/>
    public bool TryFault(string what, bool rehearse) => false; // What goes wrong on a network does so on its links.
}
