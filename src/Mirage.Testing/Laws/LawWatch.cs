using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Mirage.Testing;

/// <summary>Runs a law on a thread of its own, which is left behind when a case does not end.</summary>
/// <param name="limit">How long a case may take, in real time while the process runs, and an input to be made.</param>
/// <param name="expire">Makes what is thrown for a case that did not end, or for an input when there is none.</param>
internal sealed class LawWatch(TimeSpan limit, Func<LawRun?, Exception> expire)
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(100);
    private readonly object _gate = new();
    private readonly long _started = Now;
    private LawRun? _run;
    private long _begun = Now;
    private TimeSpan _waited;
    private ExceptionDispatchInfo? _failure;
    private bool _ended;
    private volatile bool _isAbandoned;

    /// <summary>Real time since the law began.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Now - _started);

    // Ticks of real time: the device under test may be what keeps the host's clock from going on.
    private static long Now
    {
        get
        {
#pragma warning disable RS0030 // The limits of a law are for those who wait for it, not for its host.
            return Stopwatch.GetElapsedTime(0).Ticks;
#pragma warning restore RS0030
        }
    }

    /// <summary>Runs <paramref name="law"/> and throws what it throws, or what <c>expire</c> made.</summary>
    public void Run(Action law)
    {
#pragma warning disable RS0030 // A device that blocks its thread must not block the test run.
        var thread = new Thread(() => RunHere(law)) { IsBackground = true, Name = "law" };
#pragma warning restore RS0030
        thread.UnsafeStart();
        lock (_gate)
        {
            while (!_ended)
            {
                if (_waited >= limit)
                    Abandon();
                WaitForASlice(limit - _waited);
            }
        }

        _failure?.Throw();
    }

    /// <summary>A case begins.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public void Begin(LawRun run)
    {
        lock (_gate)
        {
            ThrowIfAbandoned();
            (_run, _begun, _waited) = (run, Now, TimeSpan.Zero);
        }
    }

    /// <summary>Ends a law that nobody waits for any more.</summary>
    /// <exception cref="OperationCanceledException">This is one.</exception>
    public void ThrowIfAbandoned()
    {
        if (_isAbandoned)
            throw new OperationCanceledException("Nobody waits for this law any more.");
    }

    /// <summary>The case has ended.</summary>
    public void End()
    {
        lock (_gate)
            (_run, _begun, _waited) = (null, Now, TimeSpan.Zero);
    }

    // A wake-up that is late says that the machine let the whole process wait: that is not the device's time.
    private void WaitForASlice(TimeSpan left)
    {
        var slice = left < s_slice ? left + TimeSpan.FromMilliseconds(1) : s_slice;
        var before = Now;
        Monitor.Wait(_gate, slice);
        var passed = TimeSpan.FromTicks(Now - Math.Max(before, _begun));
        _waited += passed < 2 * slice ? passed : 2 * slice;
    }

    private void Abandon()
    {
        _isAbandoned = true;
        var failure = expire(_run); // Before the stop, which breaks the law once more.
        _run?.Stop();
        throw failure;
    }

    private void RunHere(Action law)
    {
        try
        {
            law();
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }

        lock (_gate)
        {
            _ended = true;
            Monitor.Pulse(_gate);
        }
    }
}
