using System.Buffers;
using Mirage.Net;

namespace Mirage.Testing;

/// <summary>The peer's end of the link: what came and was not looked at yet, and the answers to ARP.</summary>
internal sealed class ScriptStation
{
    private readonly EventLoop _loop;
    private readonly VirtualPort _port;
    private readonly Queue<ScriptArrival> _arrivals = [];
    private readonly LoopSignal<bool> _signal;
    private readonly LoopTimer _timer;

    public ScriptStation(EventLoop loop, VirtualPort port)
    {
        (_loop, _port) = (loop, port);
        _signal = new(loop);
        _timer = loop.CreateTimer(static self => ((ScriptStation)self!)._signal.TrySetResult(false), this);
        VirtualPort.Listen(port, new Handler(this));
    }

    /// <summary>Makes a packet of a frame, or null when the script does not see it.</summary>
    public required Func<byte[], Packet?> Receive { get; init; }

    public bool TryTake(out ScriptArrival arrival) => _arrivals.TryDequeue(out arrival);

    public bool TryPeek(out ScriptArrival arrival) => _arrivals.TryPeek(out arrival);

    /// <summary>The next packet, unless none has come by <paramref name="deadlineNs"/>.</summary>
    public async Task<ScriptArrival?> Take(long deadlineNs)
    {
        while (_arrivals.Count == 0)
        {
            if (_loop.NowNs >= deadlineNs)
                return null;
            _timer.Arm(deadlineNs);
            await _signal.WaitAsync();
            _timer.Disarm();
        }

        return _arrivals.Dequeue();
    }

    /// <summary>Completes at that time, or when a packet comes before it.</summary>
    public async Task WaitUntil(long timeNs)
    {
        while (_loop.NowNs < timeNs && _arrivals.Count == 0)
        {
            _timer.Arm(timeNs);
            await _signal.WaitAsync();
            _timer.Disarm();
        }
    }

    public WriteStatus Send(byte[] bytes)
    {
        var header = Math.Min(bytes.Length, EthernetHeader.FixedSize);
        var frame = new TransmitFrame(
            new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(bytes, header, bytes.Length - header));
        bytes.AsSpan(0, header).CopyTo(frame.Prepend(header));
        return VirtualPort.Write(_port, ref frame);
    }

    private readonly struct Handler(ScriptStation station) : IFrameHandler
    {
        public void Input(in ReceivedFrame frame)
        {
            if (station.Receive(frame.Bytes.ToArray()) is not { } packet)
                return;
            station._arrivals.Enqueue(new(station._loop.NowNs, packet));
            station._signal.TrySetResult(true);
        }
    }
}
