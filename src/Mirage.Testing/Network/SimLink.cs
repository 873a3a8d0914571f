namespace Mirage.Testing;

/// <summary>The way from one port to another, in one direction.</summary>
internal sealed class SimLink(SimNet net, SimPort from, SimPort to)
{
    private const int EthernetHeader = 14;
    private readonly ulong _seed = net.World.Random($"{net.Name}:{from.Index}>{to.Index}").Next();
    private readonly SplitMix64 _random = new(0);
    private ulong _frames;
    // The troubles in whose burst it is.
    private readonly HashSet<object> _bad = new(ReferenceEqualityComparer.Instance);
    private long _freeNs;
    private long _lastArrivalNs;

    public SimPort From => from;

    public SimPort To => to;

    /// <summary>What the way is like; null for what the network is like.</summary>
    public LinkModel? Model { get; set; }

    public void Send(ReadOnlySpan<byte> frame)
    {
        var model = Model ?? net.Model;
        _frames++;
        Draw(0);
        var latencyNs = model.Latency.DrawNs(_random);
        var passage = new Passage { Reason = Queue(model, frame.Length, out var startNs) };
        Suffer(model, frame.Length, ref passage);
        foreach (var condition in net.Conditions)
        {
            if (!condition.Applies(from.Machine, to.Machine))
                continue;
            if (condition.IsCut)
                passage.Reason ??= "cut";
            if (condition.Trouble is not { } trouble)
                continue;
            Draw(condition.Seed);
            Suffer(trouble, frame.Length, ref passage);
        }

        var copy = net.Rent(from, to, frame);
        if (passage.Reason is { } reason)
        {
            net.Lose(from, to, reason, copy);
            return;
        }

        var arrivalNs = startNs + latencyNs + passage.ExtraNs;
        if (passage.IsReordered)
            Count("reordered");
        else
            arrivalNs = _lastArrivalNs = Math.Max(arrivalNs, _lastArrivalNs);
        if (passage.IsCorrupt)
            Corrupt(copy);
        if (passage.IsDuplicate)
        {
            Count("duplicated");
            net.World.Schedule(arrivalNs, net.Rent(from, to, copy.Bytes));
        }

        net.World.Schedule(arrivalNs, copy);
    }

    // When the last bit of the frame has left; what finds the queue full is dropped.
    private string? Queue(LinkModel model, int length, out long leavesNs)
    {
        leavesNs = net.World.NowNs;
        if (model.BitsPerSecond == 0)
            return null;
        var backlogNs = Math.Max(0, _freeNs - leavesNs);
        if (backlogNs > TimeNs(model.QueueBytes))
            return "overflow";
        leavesNs = _freeNs = leavesNs + backlogNs + TimeNs(length);
        return null;

        long TimeNs(int bytes) => (long)((Int128)bytes * 8 * 1_000_000_000 / model.BitsPerSecond);
    }

    // What befalls a frame follows from its number and from the trouble alone, so that a trouble that is left out of a
    // plan changes the fate of no frame but those that it befell.
    private void Draw(ulong trouble) => _random.Reset(_seed ^ trouble ^ (_frames * 0xD1342543DE82EF95));

    private void Suffer(LinkTrouble trouble, int length, ref Passage passage)
    {
        passage.ExtraNs += trouble.Delay.DrawNs(_random);
        if (_random.Chance(trouble.LossPermille))
            passage.Reason ??= "lost";
        if (trouble.Bursts is { } bursts && IsLostInBurst(trouble, bursts))
            passage.Reason ??= "burst";
        if (trouble.BlackHoleMtu > 0 && length - EthernetHeader > trouble.BlackHoleMtu)
            passage.Reason ??= "black hole";
        passage.IsDuplicate |= _random.Chance(trouble.DuplicatePermille);
        passage.IsCorrupt |= _random.Chance(trouble.CorruptPermille);
        if (!_random.Chance(trouble.ReorderPermille))
            return;
        passage.IsReordered = true;
        passage.ExtraNs += trouble.ReorderDelay.DrawNs(_random);
    }

    private bool IsLostInBurst(LinkTrouble trouble, LossBursts bursts)
    {
        if (_bad.Contains(trouble))
        {
            if (_random.Chance(bursts.LeavePermille))
                _bad.Remove(trouble);
        }
        else if (_random.Chance(bursts.EnterPermille))
        {
            _bad.Add(trouble);
        }

        return _bad.Contains(trouble) && _random.Chance(bursts.LossPermille);
    }

    private void Corrupt(SimFrame frame)
    {
        var bit = _random.Next(frame.Length * 8);
        frame.Bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        Count("corrupted");
    }

    private void Count(string fault) => net.World.Faults.Add(fault);

    /// <summary>What befalls one frame.</summary>
    private struct Passage
    {
        public string? Reason;
        public bool IsDuplicate;
        public bool IsCorrupt;
        public bool IsReordered;
        public long ExtraNs;
    }
}
