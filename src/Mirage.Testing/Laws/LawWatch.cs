using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Mirage.Testing;

/// <summary>Runs a law on a thread of its own, which is left behind when a case does not end.</summary>
/// <param name="limit">How long a case may take, in real time, and an input to be made.</param>
/// <param name="expire">Makes what is thrown for a case that did not end, or for an input when there is none.</param>
internal sealed class LawWatch(TimeSpan limit, Func<LawRun?, Exception> expire)
{
    private static readonly TimeSpan s_waitMax = TimeSpan.FromDays(1); // A monitor waits for 24 days at most.
    private readonly object _gate = new();
    private readonly long _started = Now;
    private LawRun? _run;
    private long _begun = Now;
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
                var left = limit - TimeSpan.FromTicks(Now - _begun);
                if (left <= TimeSpan.Zero)
                    Abandon();
                Monitor.Wait(_gate, left < s_waitMax ? left + TimeSpan.FromMilliseconds(1) : s_waitMax);
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
            (_run, _begun) = (run, Now);
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
            (_run, _begun) = (null, Now);
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
