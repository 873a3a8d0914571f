using System.Diagnostics.CodeAnalysis;
using LanguageExt;

namespace Mirage.Testing;

/// <summary>One case of a law under way: its host, what was done so far, and what is expected of it.</summary>
public sealed class LawRun
{
    private const string OtherThreads =
        "it may wait for another thread, which virtual time does not: override CreateHost with a real host";

    private readonly Lock _gate = new();
    private readonly List<string> _operations = [];
    private readonly LawOptions _options;
    private volatile Host? _host;
    private volatile bool _isStopped;
    private bool _isLook; // The last operation is one that changed nothing.

    internal LawRun(ulong seed, LawOptions options) =>
        (Seed, _options, Random) = (seed, options, SplitMix64.Fork(seed, "law"));

    /// <summary>The world of this case.</summary>
    public Host Host
    {
        get => _host ?? throw new InvalidOperationException("The case has no host yet.");
        internal set => _host = value;
    }

    /// <summary>What this case follows from.</summary>
    public ulong Seed { get; }

    /// <summary>For inputs that need no shrinking, such as the bytes of a value.</summary>
    public SplitMix64 Random { get; }

    /// <summary>How many timers will fire on the host's loop.</summary>
    public int ArmedTimers => Host.Loop.ArmedTimers;

    /// <summary>What was done so far.</summary>
    public IReadOnlyList<string> Operations
    {
        get
        {
            // The watch reads it while the case goes on, or hangs.
            lock (_gate)
                return [.. _operations];
        }
    }

    /// <summary>How the law was broken first, which is what is reported whatever follows.</summary>
    internal LawViolation? Violation { get; private set; }

    /// <summary>Ends the case from outside, if anything can. Callable from every thread.</summary>
    internal void Stop()
    {
        _isStopped = true;
        _host?.Loop.Stop();
    }

    /// <summary>Ends a case that nobody waits for any more, as every operation does: for the handlers of a law, which a
    /// device may call for ever.</summary>
    public void ThrowIfStopped()
    {
        if (_isStopped)
            throw new LawViolation("an end in time", "the case was given up");
    }

    /// <summary>Begins the next operation of the list that a failure prints.</summary>
    public void Step(string operation) => Add(operation, isLook: false);

    /// <summary>Begins an operation that changes nothing: it is in the list only when it is the one that
    /// failed.</summary>
    public void Look(string operation) => Add(operation, isLook: true);

    /// <summary>What the device answers in time. An exception or no answer breaks the law.</summary>
    public async ValueTask<T> Await<T>(Func<ValueTask<T>> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        ThrowIfStopped();
        try
        {
            var task = act().AsTask();
            if (!task.IsCompleted)
                await WaitFor(task);
            return await task;
        }
        catch (Exception failure) when (failure is not LawViolation)
        {
            throw Broken(LawViolation.Thrown(failure));
        }
    }

    /// <inheritdoc cref="Await{T}(Func{ValueTask{T}})"/>
    public async ValueTask Await(Func<ValueTask> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        await Await(async () =>
        {
            await act();
            return true;
        });
    }

    /// <summary><see cref="Step"/>, and what the device answers.</summary>
    public ValueTask<T> Await<T>(string operation, Func<ValueTask<T>> act)
    {
        Step(operation);
        return Await(act);
    }

    /// <inheritdoc cref="Await{T}(string, Func{ValueTask{T}})"/>
    public ValueTask Await(string operation, Func<ValueTask> act)
    {
        Step(operation);
        return Await(act);
    }

    /// <summary>What a call that does not wait gives. An exception breaks the law.</summary>
    public T Call<T>(Func<T> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        ThrowIfStopped();
        try
        {
            return act();
        }
        catch (Exception failure) when (failure is not LawViolation)
        {
            throw Broken(LawViolation.Thrown(failure));
        }
    }

    /// <summary><see cref="Step"/>, and what the call gives.</summary>
    public T Call<T>(string operation, Func<T> act)
    {
        Step(operation);
        return Call(act);
    }

    /// <summary>The exception that ends <paramref name="act"/>, or null when there is none. No answer breaks the
    /// law.</summary>
    public ValueTask<Exception?> Catch(Func<ValueTask> act) => Await<Exception?>(async () =>
    {
        try
        {
            await act();
            return null;
        }
        catch (Exception failure) when (failure is not LawViolation)
        {
            return failure;
        }
    });

    /// <summary>Does <paramref name="act"/>, and <paramref name="release"/> after it: also when the law was broken, and
    /// then whatever the release does, since a broken device may not be able to.</summary>
    public async ValueTask Attempt(Func<ValueTask> act, Func<ValueTask> release)
    {
        ArgumentNullException.ThrowIfNull(act);
        ArgumentNullException.ThrowIfNull(release);
        try
        {
            await act();
        }
        catch (Exception failure)
        {
            var violation = Broken(failure as LawViolation ?? LawViolation.Thrown(failure));
            try
            {
                await Await(release);
            }
            catch (LawViolation)
            {
                // What was broken first is what is reported.
            }

            throw violation;
        }

        await Await("Disconnect", release);
    }

    /// <summary>The law is broken unless <paramref name="holds"/>.</summary>
    public void Expect(bool holds, string expected, string seen)
    {
        if (!holds)
            Fail(expected, seen);
    }

    /// <summary>The law is broken unless the texts are equal.</summary>
    public void ExpectEqual(string expected, string seen) => Expect(expected == seen, expected, seen);

    /// <summary>The law is broken unless the numbers are equal.</summary>
    public void ExpectEqual(long expected, long seen) => Expect(expected == seen, $"{expected}", $"{seen}");

    /// <summary>What was answered; an error breaks the law.</summary>
    public T ExpectValue<TError, T>(Either<TError, T> answer, string expected) where TError : notnull => answer.Match(
        Right: static value => value,
        Left: error => throw Broken(new LawViolation(expected, error.ToString() ?? "")));

    /// <summary>The law is broken.</summary>
    [DoesNotReturn]
    public void Fail(string expected, string seen) =>
        throw Broken(new LawViolation(expected, seen));

    // Not WaitAsync: its timer is still armed when what waits for it goes on, and laws count timers.
    private async ValueTask WaitFor(Task task)
    {
        var (now, limit) = (Host.Loop.NowNs, LawOptions.Within(_options.OperationLimit));
        if (limit.Ticks > (long.MaxValue - now) / 100)
        {
            await Task.WhenAny(task); // The limit is later than any time.
            return;
        }

        var late = new TaskCompletionSource();
        var timer = Host.Loop.CreateTimer(static late => ((TaskCompletionSource)late!).SetResult(), late);
        timer.Arm(now + (limit.Ticks * 100));
        await Task.WhenAny(task, late.Task);
        timer.Disarm();
        if (!task.IsCompleted)
            throw Broken(new LawViolation($"an answer within {limit.TotalSeconds} s of the host's time", "no answer")
            {
                Hint = Host is SimHost ? OtherThreads : "",
            });
    }

    private void Add(string operation, bool isLook)
    {
        ThrowIfStopped();
        lock (_gate)
        {
            if (_isLook)
                _operations.RemoveAt(_operations.Count - 1);
            _isLook = isLook;
            _operations.Add(operation);
        }
    }

    private LawViolation Broken(LawViolation violation) => Violation ??= violation;
}
