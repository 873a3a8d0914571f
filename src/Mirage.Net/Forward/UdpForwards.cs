using System.Buffers;
using LanguageExt;

namespace Mirage.Net;

/// <summary>The flows of datagrams to other hosts that are taken for them.</summary>
/// <remarks>Anybody can make flows by the thousand and with no answer in mind, so those that were never answered have
/// the shorter time and are the first to go.</remarks>
internal sealed class UdpForwards
{
    /// <summary>Flows at once unless somebody says otherwise.</summary>
    public const int FlowsMax = 4096;

    private static readonly TimeSpan s_idleDefault = TimeSpan.FromMinutes(2);

    private readonly EventLoop _loop;
    private readonly Sender _send;
    private readonly Dictionary<UdpBinding, ForwardedDatagrams> _flows;
    private readonly LinkedList<ForwardedDatagrams> _unanswered = new(), _answered = new(); // The first is due first.
    private readonly LoopTimer _timer;
    private readonly Holding _holding;
    private IForwardHandler? _handler;
    private int _max;
    private long _idleNs;

    public UdpForwards(Host host, Sender send)
    {
        (_loop, _send, _flows) = (host.Loop, send, new(new UdpBindingComparer(SipHash.Random(host))));
        _timer = _loop.CreateTimer(static self => ((UdpForwards)self!).HandleTimer(), this);
        _holding = host.Holdings.Add("flows of forwarded datagrams", () => _flows.Count);
    }

    public delegate Either<UdpError, Unit> Sender(Endpoint source, Endpoint destination,
        in ReadOnlySequence<byte> payload, int segmentSize, bool dontFragment);

    public bool IsOpen => _handler is not null;

    public int Count => _flows.Count;

    public void Open(IForwardHandler handler, in ForwardOptions options)
    {
        _handler = handler;
        _max = options.DatagramFlowsMax > 0 ? options.DatagramFlowsMax : FlowsMax;
        var idle = options.DatagramIdle > TimeSpan.Zero ? options.DatagramIdle : s_idleDefault;
        _idleNs = (long)idle.TotalNanoseconds;
    }

    public void Close()
    {
        _handler = null;
        foreach (var flow in _flows.Values.ToList())
            End(flow);
    }

    public void Disconnect()
    {
        Close();
        _holding.Dispose();
    }

    /// <summary>Datagrams of <paramref name="segmentSize"/> bytes, or one for 0, to another host. False when nobody
    /// takes them, and the peer is to be told.</summary>
    public bool Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload, int segmentSize)
    {
        var ends = new UdpBinding(destination, source);
        if (!_flows.TryGetValue(ends, out var flow))
        {
            if (source.Port == 0 || destination.Port == 0 || source == destination || !HasRoom())
                return true; // RFC 768: who sends from port 0 wants no answer. What finds no room is lost.
            flow = Add(ends);
            flow.Receiver = _handler!.Sending(flow);
            if (flow.Receiver is null)
                return !TryForget(flow);
        }
        else
            Touch(flow);

        do
        {
            var size = segmentSize == 0 ? payload.Length : Math.Min(segmentSize, payload.Length);
            if (flow.Place.List is null)
                return true; // Its receiver has disposed it.
            flow.Receiver!.Input(payload[..size]);
            payload = payload[size..];
        }
        while (!payload.IsEmpty);

        return true;
    }

    /// <summary>The peer says that it has no such port any more.</summary>
    public void Unreachable(Endpoint source, Endpoint destination)
    {
        if (_flows.TryGetValue(new(source, destination), out var flow))
            End(flow);
    }

    public Either<UdpError, Unit> Write(ForwardedDatagrams flow, in ReadOnlySequence<byte> payload)
    {
        if (flow.Place.List is null)
            return new UdpError.Closed();
        flow.IsAnswered = true;
        Touch(flow);
        return _send(flow.Local, flow.Remote, payload, segmentSize: 0, dontFragment: false);
    }

    /// <summary>The flow is over; false when it was.</summary>
    public bool TryForget(ForwardedDatagrams flow)
    {
        if (flow.Place.List is not { } waiting)
            return false;
        waiting.Remove(flow.Place);
        _flows.Remove(flow.Ends);
        Rearm();
        return true;
    }

    private bool HasRoom()
    {
        if (_flows.Count >= _max && _unanswered.First is { } first)
            End(first.Value);
        return _flows.Count < _max;
    }

    private ForwardedDatagrams Add(in UdpBinding ends)
    {
        var flow = new ForwardedDatagrams(this, ends);
        _flows.Add(ends, flow);
        Touch(flow);
        return flow;
    }

    private void Touch(ForwardedDatagrams flow)
    {
        flow.Place.List?.Remove(flow.Place);
        flow.DueNs = _loop.NowNs + (flow.IsAnswered ? _idleNs : _idleNs / 4);
        (flow.IsAnswered ? _answered : _unanswered).AddLast(flow.Place);
        Rearm();
    }

    private void End(ForwardedDatagrams flow)
    {
        if (TryForget(flow))
            flow.Receiver?.Closed();
    }

    private void HandleTimer()
    {
        while (_unanswered.First is { } first && first.Value.DueNs <= _loop.NowNs)
            End(first.Value);
        while (_answered.First is { } first && first.Value.DueNs <= _loop.NowNs)
            End(first.Value);
        Rearm();
    }

    private void Rearm()
    {
        var dueNs = Math.Min(
            _unanswered.First?.Value.DueNs ?? long.MaxValue, _answered.First?.Value.DueNs ?? long.MaxValue);
        if (dueNs == long.MaxValue)
            _timer.Disarm();
        else if (!_timer.IsArmed || dueNs < _timer.DueNs)
            _timer.Arm(dueNs); // One that is armed earlier only looks again.
    }
}
