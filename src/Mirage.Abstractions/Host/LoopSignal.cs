using System.Threading.Tasks.Sources;

namespace Mirage;

/// <summary>An awaitable of one loop, used again and again without allocating: one waiter at a time, woken on the
/// loop.</summary>
/// <remarks>The continuation is always posted to the loop, whatever the waiter's scheduling flags say, so that
/// <c>ConfigureAwait(false)</c> in a library cannot leave the unikernel's thread.</remarks>
public class LoopSignal<T>(EventLoop loop) : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _core;
    private Action<object?>? _continuation;
    private object? _state;

    /// <summary>Whether somebody has asked to wait and has not taken the outcome yet.</summary>
    public bool IsPending { get; private set; }

    /// <summary>The loop that the waiter is woken on.</summary>
    protected EventLoop Loop => loop;

    /// <summary>Begins a wait. The result is awaited once, before the next call.</summary>
    /// <exception cref="InvalidOperationException">The wait before has not ended.</exception>
    public ValueTask<T> WaitAsync() => new(this, Begin());

    /// <summary>Begins a wait of a source that hands it out in a task of its own: gives the token of that
    /// task.</summary>
    /// <exception cref="InvalidOperationException">The wait before has not ended.</exception>
    public short Begin()
    {
        if (IsPending)
            throw new InvalidOperationException("Another operation is already waiting here.");
        _core.Reset();
        IsPending = true;
        return _core.Version;
    }

    /// <summary>Ends the wait under way, if there is one, and says whether there was.</summary>
    public bool TrySetResult(T result)
    {
        if (!IsPending || _core.GetStatus(_core.Version) != ValueTaskSourceStatus.Pending)
            return false;
        _core.SetResult(result);
        return true;
    }

    /// <summary>Ends the wait under way with an exception, if there is one, and says whether there was.</summary>
    public bool TrySetException(Exception error)
    {
        if (!IsPending || _core.GetStatus(_core.Version) != ValueTaskSourceStatus.Pending)
            return false;
        _core.SetException(error);
        return true;
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        // Asking too early, or with the token of an earlier wait, is a mistake that must not end the wait under way.
        if (_core.GetStatus(token) != ValueTaskSourceStatus.Pending)
            IsPending = false;
        return _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (_core.GetStatus(token) != ValueTaskSourceStatus.Pending)
        {
            Loop.Post(continuation, state);
            return;
        }

        (_continuation, _state) = (continuation, state);
        _core.OnCompleted(
            static self => ((LoopSignal<T>)self!).Resume(), this, token, ValueTaskSourceOnCompletedFlags.None);
    }

    private void Resume()
    {
        var (continuation, state) = (_continuation!, _state);
        (_continuation, _state) = (null, null);
        Loop.Post(continuation, state);
    }
}
