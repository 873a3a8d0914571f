using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Mirage.Unix;

/// <summary>Waits by epoll(7): descriptors, a deadline to the nanosecond, and an eventfd for
/// <see cref="Wake"/>.</summary>
/// <remarks>
/// Descriptors are watched edge-triggered and for reading and writing at once: a source remembers what is ready until
/// a call gives EAGAIN, so that backpressure costs no system call and a paused source makes no noise.
/// Members but <see cref="Wake"/> are for the loop's thread.
/// </remarks>
public sealed unsafe class UnixDriver : LoopDriver, IDisposable
{
    private const int EventsMax = 256;
    private const int Running = 0, Parked = 1, Woken = 2;
    private const ulong WakeData = ulong.MaxValue;

    private readonly EpollEvents _events = new(EventsMax);
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private readonly Stack<int> _free = new();
    private DescriptorWatch?[] _watches = new DescriptorWatch?[16];
    private uint _generation;
    private int _count;
    private int _state;
    private bool _isPrecise = true;
    private BusyPoll _busy = new(BusyPoll.DefaultMaxUs * 1000L);

    /// <summary>A driver that watches nothing yet.</summary>
    /// <exception cref="IOException">The process has no descriptor left.</exception>
    public UnixDriver()
    {
        _epoll = new(Check(Libc.EpollCreate(Libc.EpollCloseOnExec)), ownsHandle: true);
        _wake = new(Check(Libc.EventDescriptor(0, Libc.EventCloseOnExecNonBlocking)), ownsHandle: true);
        Check(Add((int)_wake.DangerousGetHandle(), Libc.EpollIn | Libc.EpollEdge, WakeData));
    }

    /// <inheritdoc/>
    public override long NowNs => Libc.MonotonicNs();

    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch.AddTicks(Libc.RealtimeNs() / 100);

    /// <summary>The longest time for which a wait looks again and again before it sleeps; it does so only while input
    /// has lately come that soon. Zero sleeps at once. 100 µs unless set.</summary>
    public TimeSpan BusyPollMax
    {
        get => TimeSpan.FromTicks(_busy.MaxNs / TimeSpan.NanosecondsPerTick);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            _busy = new(value.Ticks * TimeSpan.NanosecondsPerTick);
        }
    }

    /// <summary>Descriptors that are watched now.</summary>
    public int WatchCount => _count - _free.Count;

    /// <summary>Calls <paramref name="handler"/> when <paramref name="descriptor"/> becomes ready, until the result is
    /// disposed.</summary>
    /// <remarks>What is ready already is reported by the next wait. The descriptor is non-blocking, stays the caller's,
    /// and is closed after the watch is disposed.</remarks>
    /// <exception cref="IOException">The kernel cannot watch that descriptor: a regular file, or one too
    /// many.</exception>
    public DescriptorWatch Watch(int descriptor, IDescriptorHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (!_free.TryPop(out var index))
            index = _count++;
        if (index == _watches.Length)
            Array.Resize(ref _watches, index * 2);

        var watch = new DescriptorWatch(this, descriptor, index, ++_generation, handler);
        const uint Interest = Libc.EpollIn | Libc.EpollOut | Libc.EpollReadHangUp | Libc.EpollEdge;
        if (Add(descriptor, Interest, watch.Data) < 0)
        {
            var error = Errno.Last;
            _free.Push(index);
            throw new IOException($"Descriptor {descriptor} cannot be watched: {Errno.Describe(error)}.");
        }

        _watches[index] = watch;
        return watch;
    }

    /// <inheritdoc/>
    public override void Wait(long deadlineNs)
    {
        var count = deadlineNs == long.MinValue ? Poll(0) : WaitUntil(deadlineNs);
        // A full fence: what a waker did before is seen by what the loop reads next.
        Interlocked.Exchange(ref _state, Running);
        for (var index = 0; index < count; index++)
            Report(index);
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        if (Interlocked.Exchange(ref _state, Woken) != Parked)
            return;

        var isHeld = false;
        try
        {
            _wake.DangerousAddRef(ref isHeld); // The loop may end and close the eventfd meanwhile.
            var one = 1UL;
            _ = Libc.Write((int)_wake.DangerousGetHandle(), (byte*)&one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended: there is nobody to wake.
        }
        finally
        {
            if (isHeld)
                _wake.DangerousRelease();
        }
    }

    /// <summary>Lets go of the kernel's objects. Watched descriptors stay open.</summary>
    public void Dispose()
    {
        _wake.Dispose();
        _epoll.Dispose();
    }

    internal void Unwatch(DescriptorWatch watch)
    {
        Debug.Assert(_watches[watch.Index] == watch, "A watch is taken out once.");
        _watches[watch.Index] = null;
        _free.Push(watch.Index);
        if (!_epoll.IsClosed)
            _ = Libc.EpollControl((int)_epoll.DangerousGetHandle(), Libc.EpollDelete, watch.Descriptor, null);
    }

    private int WaitUntil(long deadlineNs)
    {
        var beginNs = NowNs;
        if (deadlineNs <= beginNs)
            return Poll(0);

        var (count, nowNs) = Look(beginNs, Math.Min(deadlineNs, beginNs + _busy.Ns));
        if (count == 0)
        {
            var isWoken = Interlocked.CompareExchange(ref _state, Parked, Running) == Woken;
            count = Poll(isWoken ? 0 : deadlineNs == long.MaxValue ? long.MaxValue : Math.Max(0, deadlineNs - nowNs));
            nowNs = NowNs;
        }

        _busy.HandleWait(nowNs - beginNs, isInput: count > 0);
        return count;
    }

    // Ends when something is ready, the time is over or another thread wakes the loop.
    private (int Count, long NowNs) Look(long nowNs, long untilNs)
    {
        while (nowNs < untilNs && Volatile.Read(ref _state) != Woken)
        {
            _ = Libc.Yield(); // To the peer, if it waits for this processor.
            var count = Poll(0);
            nowNs = NowNs;
            if (count != 0)
                return (count, nowNs);
        }

        return (0, nowNs);
    }

    private void Report(int index)
    {
        var (events, data) = _events.Read(index);
        if (data == WakeData) // Every write to the eventfd is an edge of its own: its count is never read.
            return;
        if (_watches[(int)(uint)data] is not { } watch || watch.Data != data)
            return;

        var ready = DescriptorEvents.None;
        if ((events & (Libc.EpollIn | Libc.EpollReadHangUp)) != 0)
            ready |= DescriptorEvents.Readable;
        if ((events & Libc.EpollOut) != 0)
            ready |= DescriptorEvents.Writable;
        if ((events & (Libc.EpollReadHangUp | Libc.EpollHangUp | Libc.EpollErr)) != 0)
            ready |= DescriptorEvents.Ended;
        if ((events & (Libc.EpollErr | Libc.EpollHangUp)) != 0)
            ready |= DescriptorEvents.Failed | DescriptorEvents.Readable | DescriptorEvents.Writable;
        watch.Handler.Ready(ready);
    }

    private int Poll(long timeoutNs)
    {
        var epoll = (int)_epoll.DangerousGetHandle();
        if (timeoutNs is 0 or long.MaxValue)
            return Libc.EpollWait(epoll, _events.Pointer, EventsMax, timeoutNs == 0 ? 0 : -1);

        if (_isPrecise)
        {
            var count = Libc.EpollWaitPrecisely(epoll, _events.Pointer, EventsMax, timeoutNs);
            if (count >= 0 || Errno.Last == Errno.Interrupted)
                return count;
            _isPrecise = false; // A kernel before 5.11, or a filter that does not know the call.
        }

        var milliseconds = Math.Min((timeoutNs + 999_999) / 1_000_000, int.MaxValue);
        return Libc.EpollWait(epoll, _events.Pointer, EventsMax, (int)milliseconds);
    }

    private int Add(int descriptor, uint events, ulong data)
    {
        var change = stackalloc byte[16];
        EpollEvents.Write(change, events, data);
        return Libc.EpollControl((int)_epoll.DangerousGetHandle(), Libc.EpollAdd, descriptor, change);
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new IOException($"The event loop cannot begin: {Errno.Describe(Errno.Last)}.");
}
