namespace Mirage;

/// <summary>Armed timers in a binary heap by due time and arming order, each of which knows its place.</summary>
internal sealed class TimerHeap
{
    private LoopTimer[] _heap = new LoopTimer[16];
    private int _count;
    private long _sequence;

    public int Count => _count;

    public long NextDueNs => _count == 0 ? long.MaxValue : _heap[0].DueNs;

    public void Arm(LoopTimer timer, long dueNs)
    {
        if (timer.IsArmed && timer.DueNs == dueNs)
            return;

        var index = timer.Index;
        (timer.DueNs, timer.Sequence) = (dueNs, ++_sequence);
        if (index < 0)
        {
            if (_count == _heap.Length)
                Array.Resize(ref _heap, _count * 2);
            index = _count++;
        }

        Settle(timer, index);
    }

    public void Disarm(LoopTimer timer)
    {
        var index = timer.Index;
        if (index < 0)
            return;

        timer.Index = -1;
        var last = _heap[--_count];
        _heap[_count] = null!;
        if (last != timer)
            Settle(last, index);
    }

    /// <summary>Disarms all.</summary>
    public void Clear()
    {
        while (_count > 0)
            Disarm(_heap[_count - 1]);
    }

    /// <summary>Fires what is due at <paramref name="nowNs"/>, in order. What is armed meanwhile waits for the next
    /// call.</summary>
    public void Fire(long nowNs)
    {
        var until = _sequence;
        while (_count > 0 && _heap[0] is { } timer && timer.DueNs <= nowNs && timer.Sequence <= until)
        {
            Disarm(timer);
            timer.Fire();
        }
    }

    private void Settle(LoopTimer timer, int index)
    {
        while (index > 0 && IsBefore(timer, _heap[(index - 1) / 2]))
            index = Place(_heap[(index - 1) / 2], index, (index - 1) / 2);

        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], timer))
                break;
            index = Place(_heap[child], index, child);
        }

        Place(timer, index, index);
    }

    private int Place(LoopTimer timer, int index, int next)
    {
        _heap[index] = timer;
        timer.Index = index;
        return next;
    }

    private static bool IsBefore(LoopTimer a, LoopTimer b) =>
        a.DueNs < b.DueNs || (a.DueNs == b.DueNs && a.Sequence < b.Sequence);
}
