using System.Diagnostics;

namespace Mirage;

/// <summary>The one thread of a unikernel: everything in it runs here, to completion, one thing after
/// another.</summary>
/// <remarks>
/// One iteration takes a bounded batch of device input, runs what became ready, fires due timers, flushes device output
/// once, and parks until input, a timer or a post. All members but <see cref="Post"/> and <see cref="Stop"/> are for
/// the loop's own thread.
/// </remarks>
public sealed class EventLoop
{
    // With work to do, the driver is asked for new input once in so many iterations: it costs a system call.
    private const int GlancePeriod = 4;

    private readonly LoopDriver _driver;
    private readonly Lock _gate = new();
    private readonly TimerHeap _timers = new();
    private WorkQueue _ready = new();
    private WorkQueue _posted = new();
    private WorkQueue _taken = new();
    private Queue<ILoopInput> _inputs = new();
    private List<ILoopOutput> _outputs = [];
    private List<ILoopOutput> _flushing = [];
    private Thread? _thread;
    private volatile bool _stopped;
    private long _coarseNs; // Zero outside of iterations.
    private bool _isAbandoned;

    /// <summary>A loop that has not run yet.</summary>
    public EventLoop(LoopDriver driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        _driver = driver;
        Context = new LoopSynchronizationContext(this);
        Scheduler = new LoopPipeScheduler(this);
        Time = new LoopTimeProvider(this);
    }

    /// <summary>The context that brings continuations of <c>await</c> back to the loop.</summary>
    public SynchronizationContext Context { get; }

    /// <summary>The scheduler for pipes that live on this loop.</summary>
    public System.IO.Pipelines.PipeScheduler Scheduler { get; }

    /// <summary>Time as this loop sees it, timers included.</summary>
    public TimeProvider Time { get; }

    /// <summary>Monotonic time, ns since an arbitrary origin.</summary>
    public long NowNs => _driver.NowNs;

    /// <summary>What <see cref="NowNs"/> was when this part of the iteration began, read once for all that it does:
    /// for what a protocol does about a frame, which would ask for it many times.</summary>
    public long CoarseNs => _coarseNs is 0 ? NowNs : _coarseNs;

    /// <summary>Reads the clock for <see cref="CoarseNs"/> anew, in the middle of a part: what arrives in a long batch
    /// is not to look as if it had been there when the batch began.</summary>
    public void ReadClock()
    {
        if (_coarseNs != 0)
            _coarseNs = NowNs;
    }

    /// <summary>The time of day.</summary>
    public DateTimeOffset UtcNow => _driver.UtcNow;

    /// <summary>Whether the caller is on the loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Iterations since the loop began.</summary>
    public long Iterations { get; private set; }

    /// <summary>Runs <paramref name="callback"/> on the loop, in an iteration to come. Callable from every thread;
    /// wakes the loop.</summary>
    public void Post(Action<object?> callback, object? state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        PostItem(new WorkItem(callback, state));
    }

    /// <summary><see cref="Post"/> of what is an item already.</summary>
    internal void PostItem(in WorkItem item)
    {
        if (_isAbandoned)
            return;
        if (IsCurrent)
        {
            _ready.Enqueue(item);
            return;
        }

        _driver.Posted();
        bool first;
        lock (_gate)
        {
            first = _posted.IsEmpty;
            _posted.Enqueue(item);
        }

        if (first)
            _driver.Wake();
    }

    /// <summary>Calls <paramref name="input"/> in the input phase of the next iteration. A source asks once until it is
    /// called.</summary>
    public void RequestInput(ILoopInput input) => _inputs.Enqueue(input);

    /// <summary>Calls <paramref name="input"/> no more, and keeps nothing of it: its device is disconnected. One that
    /// did not ask is none to withdraw.</summary>
    public void WithdrawInput(ILoopInput input)
    {
        for (var count = _inputs.Count; count > 0; count--)
        {
            var other = _inputs.Dequeue();
            if (other != input)
                _inputs.Enqueue(other);
        }
    }

    /// <summary>
    /// Calls <paramref name="output"/> at the end of this iteration; asked for while outputs are being flushed, at the
    /// end of the next one, which comes without a wait. A device asks once until it is called.
    /// </summary>
    public void RequestFlush(ILoopOutput output) => _outputs.Add(output);

    /// <summary>A timer of this loop, not armed.</summary>
    public LoopTimer CreateTimer(Action<object?> callback, object? state) => new(_timers, callback, state);

    /// <summary>Ends <see cref="Run{T}"/> without waiting for its task. Callable from every thread.</summary>
    public void Stop()
    {
        _stopped = true;
        _driver.Wake();
    }

    /// <summary>Timers that will fire.</summary>
    internal int ArmedTimers => _timers.Count;

    /// <summary>Sources that have input to be taken.</summary>
    internal int PendingInputs => _inputs.Count;

    /// <summary>When the next timer is due; <see cref="long.MaxValue"/> without one.</summary>
    internal long NextDueNs => _timers.NextDueNs;

    /// <summary>Whether an iteration would do something before any timer is due.</summary>
    internal bool HasWork
    {
        get
        {
            if (!_ready.IsEmpty || _inputs.Count > 0 || _outputs.Count > 0)
                return true;
            lock (_gate)
                return !_posted.IsEmpty;
        }
    }

    /// <summary>Runs <paramref name="main"/> and everything it starts on the calling thread until its task
    /// completes.</summary>
    /// <exception cref="OperationCanceledException"><see cref="Stop"/> was called first.</exception>
    public T Run<T>(Func<ValueTask<T>> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        using var turn = new Turn(this);
        var task = main().AsTask();
        // The driver may be parked when the task completes on another thread.
        _ = task.ContinueWith(static (_, driver) => ((LoopDriver)driver!).Wake(), _driver, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            if (_stopped)
                throw new OperationCanceledException("The event loop was stopped.");
            RunIteration();
            if (task.IsCompleted)
                break;
            if (!HasWork)
                _driver.Wait(_timers.NextDueNs);
            else if (Iterations % GlancePeriod == 0)
                _driver.Wait(long.MinValue);
        }

        Flush();
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Begins <paramref name="main"/> on a loop whose iterations somebody else calls for, by
    /// <see cref="Step"/>.</summary>
    internal Task<T> Start<T>(Func<ValueTask<T>> main)
    {
        using var turn = new Turn(this);
        return main().AsTask();
    }

    /// <summary>Lets nothing that waits here run any more, in the middle of an iteration too: the machine lost its
    /// power.</summary>
    internal void Abandon()
    {
        _isAbandoned = true;
        _ready.Clear();
        _taken.Clear();
        lock (_gate)
            _posted.Clear();
        _inputs.Clear();
        _outputs.Clear();
        _flushing.Clear();
        _timers.Clear();
    }

    /// <summary>One iteration, on the calling thread.</summary>
    internal void Step()
    {
        using var turn = new Turn(this);
        RunIteration();
    }

    private void RunIteration()
    {
        Iterations++;
        _coarseNs = NowNs;
        TakeInput();
        RunReady();
        _coarseNs = NowNs;
        _timers.Fire(_coarseNs);
        Flush();
        _coarseNs = 0;
    }

    private void TakeInput()
    {
        for (var count = _inputs.Count; count > 0; count--)
        {
            if (!_inputs.TryDequeue(out var input))
                return; // One that was called has withdrawn others.
            if (input.TakeBatch())
                _inputs.Enqueue(input);
        }
    }

    // What becomes ready meanwhile waits for the next iteration, so that input and timers are never starved.
    private void RunReady()
    {
        lock (_gate)
            (_posted, _taken) = (_taken, _posted);
        _taken.RunAll();
        _ready.RunAll();
    }

    private void Flush()
    {
        Debug.Assert(_flushing.Count == 0, "A flush does not run inside a flush.");
        (_outputs, _flushing) = (_flushing, _outputs);
        var flushed = 0;
        try
        {
            while (flushed < _flushing.Count)
                _flushing[flushed++].Flush();
        }
        finally
        {
            // One that throws ends the run; the others have their turn if the loop runs again, to release its devices.
            if (flushed < _flushing.Count)
                _outputs.AddRange(_flushing.GetRange(flushed, _flushing.Count - flushed));
            _flushing.Clear();
        }
    }

    /// <summary>The time in which a thread is the loop's.</summary>
    private readonly ref struct Turn
    {
        private readonly EventLoop _loop;
        private readonly SynchronizationContext? _outer;

        public Turn(EventLoop loop)
        {
            if (Interlocked.CompareExchange(ref loop._thread, Thread.CurrentThread, null) is not null)
                throw new InvalidOperationException("The loop is running already.");
            (_loop, _outer) = (loop, SynchronizationContext.Current);
            SynchronizationContext.SetSynchronizationContext(loop.Context);
        }

        public void Dispose()
        {
            SynchronizationContext.SetSynchronizationContext(_outer);
            _loop._coarseNs = 0; // The iteration may have ended by an exception.
            _loop._thread = null;
        }
    }
}
