namespace Mirage;

/// <summary>A timer of an <see cref="EventLoop"/>: made once, armed many times without allocating.</summary>
public sealed class LoopTimer
{
    private readonly TimerHeap _heap;
    private readonly Action<object?> _callback;
    private readonly object? _state;

    internal LoopTimer(TimerHeap heap, Action<object?> callback, object? state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        (_heap, _callback, _state) = (heap, callback, state);
    }

    /// <summary>Whether the timer will fire.</summary>
    public bool IsArmed => Index >= 0;

    /// <summary>When it fires, in the loop's time; meaningful only while <see cref="IsArmed"/>.</summary>
    public long DueNs { get; internal set; }

    /// <summary>Orders timers that are due at the same time by when they were armed.</summary>
    internal long Sequence { get; set; }

    internal int Index { get; set; } = -1;

    /// <summary>Fires once at <paramref name="dueNs"/>, and no longer at the time set before. A time that has passed is
    /// due at once.</summary>
    public void Arm(long dueNs) => _heap.Arm(this, dueNs);

    /// <summary>Fires no longer.</summary>
    public void Disarm() => _heap.Disarm(this);

    internal void Fire() => _callback(_state);
}
