namespace Mirage.Net;

/// <summary>How much the receive queue takes: what the application drains in a round trip decides it (Fisk and Feng,
/// 'Dynamic Right-Sizing', 2001).</summary>
/// <remarks>It never shrinks, because what was offered is a promise. A slow reader has a small one: only what is read
/// makes it grow, and only within the budget of the stack.</remarks>
internal struct TcpReceiveBuffer
{
    private const int GainShift = 3; // Of the smoothed round trip, as that of RFC 6298 section 2.3.
    private readonly TcpReceiveBudget? _budget;
    private int _taken;
    private long _rttNs; // 0 while it is not known.
    private uint _turnEnd;
    private long _turnSinceNs;
    private bool _isTurning;
    private uint _mark; // What was drained when the measurement began.
    private long _sinceNs;
    private int _drained = TcpLimits.InitialWindowBytes; // The most that was drained in one round trip.

    public TcpReceiveBuffer(TcpParameters parameters)
    {
        _budget = parameters.ReceiveBudget;
        Bytes = Math.Clamp(parameters.ReceiveBuffer, TcpLimits.MssFloor, TcpReceiveWindow.BufferMax);
        BytesMax = Math.Clamp(parameters.ReceiveBufferMax, Bytes, TcpReceiveWindow.BufferMax);
    }

    /// <summary>Bytes that it takes now.</summary>
    public int Bytes { get; private set; }

    /// <summary>Bytes that it will ever take: what the window scale is for.</summary>
    public int BytesMax { get; }

    /// <summary>The peer's SYN is in.</summary>
    public void Start(uint next, long nowNs) => (_mark, _sinceNs) = (next, nowNs);

    /// <summary>Data have come that echo what our clock said <paramref name="sinceNs"/> ago. An echo that makes no
    /// sense is passed over.</summary>
    public void OnEcho(long sinceNs)
    {
        if (sinceNs < 0 || sinceNs > TcpLimits.RtoMaxNs)
            return;
        var rttNs = Math.Max(sinceNs, TcpTimestampClock.TickNs);
        // What the peer sends after a pause echoes what is older than a trip: down at once, up slowly.
        _rttNs = _rttNs == 0 || rttNs < _rttNs ? rttNs : _rttNs + ((rttNs - _rttNs) >> GainShift);
    }

    /// <summary>Data have come without an echo, up to <paramref name="next"/>: that a window which was offered is full
    /// takes a round trip at least.</summary>
    public void OnArrival(uint next, uint edge, long nowNs)
    {
        if (_isTurning && next.IsBefore(_turnEnd))
            return;
        var rttNs = Math.Max(nowNs - _turnSinceNs, TcpTimestampClock.TickNs);
        if (_isTurning && (_rttNs == 0 || rttNs < _rttNs))
            _rttNs = rttNs;
        (_isTurning, _turnEnd, _turnSinceNs) = (true, edge, nowNs);
    }

    /// <summary>The application has drained everything before <paramref name="drained"/>.</summary>
    public void OnRead(uint drained, long nowNs)
    {
        if (_rttNs == 0 || nowNs - _sinceNs < _rttNs)
            return;
        var bytes = _mark.DistanceTo(drained);
        (_mark, _sinceNs) = (drained, nowNs);
        if (bytes <= _drained)
            return;

        // What the next trip brings if it grows as this one did, at most twice as much as in slow start. The buffer
        // has two trips: one that is on its way while the other is read.
        var next = Math.Min((long)bytes * bytes / _drained, 2L * bytes);
        _drained = bytes;
        Grow(2 * next);
    }

    /// <summary>The application takes nothing before it has more than the queue takes: twice as much. That is not of
    /// the budget of those who read fast; what is held counts for the memory of the stack.</summary>
    public void Double() => Bytes = (int)Math.Min(2L * Bytes, BytesMax);

    /// <summary>Nothing more is taken: the budget has it back.</summary>
    public void Stop()
    {
        _budget?.Return(_taken);
        (_taken, _rttNs) = (0, 0);
    }

    private void Grow(long target)
    {
        var bytes = (int)Math.Min(target, BytesMax);
        if (bytes <= Bytes || _budget?.TryTake(bytes - Bytes) == false)
            return;
        _taken += bytes - Bytes;
        Bytes = bytes;
    }
}
