using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Two machines with a link between them that loses, repeats, delays and reorders, by a seed and in virtual
/// time.</summary>
/// <remarks>Each end writes a stream that follows <see cref="TcpPeer.At"/>, reads in its own time, and closes when it
/// has written all. After each step what must hold is checked.</remarks>
internal sealed class TcpLink
{
    private const long StepsMax = 4_000_000;
    private readonly SplitMix64 _random;
    private readonly TcpLinkFaults _faults;
    private readonly PriorityQueue<(TcpEnd To, byte[] Image), (long DueNs, long Order)> _flying = new();
    private long _nowNs;
    private long _order;

    public TcpLink(
        ulong seed, TcpLinkFaults faults, int leftBytes, int rightBytes,
        int mss = 1000, int buffer = 70_000, int limit = 0)
    {
        _random = new(seed);
        _faults = faults;
        var (a, b) = (new Endpoint(IpAddress.Parse("10.0.0.1"), 1), new Endpoint(IpAddress.Parse("10.0.0.2"), 2));
        var parameters = new TcpParameters
        {
            Mss = mss,
            Congestion = Cubic.Create,
            ReceiveBuffer = buffer,
            ReceiveBufferMax = 4 * buffer,
            SegmentationLimit = limit,
        };
        Left = new(new(a, b) { Secret = seed }, parameters, leftBytes);
        Right = new(new(b, a) { Secret = seed }, parameters, rightBytes);
    }

    public TcpEnd Left { get; }

    public TcpEnd Right { get; }

    public double Seconds => _nowNs / 1e9;

    /// <summary>Runs until both ends are closed.</summary>
    public void Run(bool isSimultaneous = false)
    {
        Left.Machine.HandleOpen(uint.MaxValue - (uint)_random.Next(3000), _nowNs);
        if (isSimultaneous)
            Right.Machine.HandleOpen((uint)_random.Next(), _nowNs);
        Step();
        for (var step = 0L; !(Left.IsDone && Right.IsDone); step++)
        {
            Assert.True(step < StepsMax, $"It ends. {Left}; {Right}");
            Advance();
            Step();
        }

        Left.CheckEnd(Right.Total);
        Right.CheckEnd(Left.Total);
    }

    private void Step()
    {
        Serve(Left, Right);
        Serve(Right, Left);
    }

    // The application's turn, and then all that there is to send.
    private void Serve(TcpEnd end, TcpEnd other)
    {
        end.Apply(_random, _nowNs);
        while (end.Machine.TryPollTransmit(_nowNs, out var transmit))
        {
            for (var cut = 0; cut < Math.Max(1, transmit.Length); cut += transmit.SegmentSize)
                Send(other, end.Image(transmit, cut));
        }
    }

    private void Send(TcpEnd to, byte[] image)
    {
        if (_faults.OutageNs.Contains(_nowNs) || _random.Next(1000) < _faults.LossPerMille)
            return;
        for (var copy = 0; copy < (_random.Next(1000) < _faults.RepeatPerMille ? 2 : 1); copy++)
        {
            var extra = _random.Next(1000) < _faults.ReorderPerMille ? _random.Next((int)(3 * _faults.DelayNs)) : 0;
            _flying.Enqueue((to, image), (_nowNs + _faults.DelayNs + extra, _order++));
        }
    }

    private void Advance()
    {
        var next = Math.Min(Left.Machine.NextTimeoutNs ?? long.MaxValue, Right.Machine.NextTimeoutNs ?? long.MaxValue);
        if (_flying.TryPeek(out _, out var due))
            next = Math.Min(next, due.DueNs);
        if (Left.IsBusy || Right.IsBusy)
            next = Math.Min(next, _nowNs + 1_000_000);
        Assert.True(next < long.MaxValue, $"Something is still to come. {Left}; {Right}");
        _nowNs = Math.Max(_nowNs, next);
        while (_flying.TryPeek(out _, out due) && due.DueNs <= _nowNs)
        {
            var (to, image) = _flying.Dequeue();
            if (to.Receive(image, _random, _nowNs) is { } reset)
                Send(to == Left ? Right : Left, reset);
        }

        foreach (var end in new[] { Left, Right })
        {
            if (end.Machine.NextTimeoutNs <= _nowNs)
                end.Machine.HandleTimeout(_nowNs);
            end.Check();
        }
    }
}
