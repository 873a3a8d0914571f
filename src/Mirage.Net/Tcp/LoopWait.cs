using System.Threading.Tasks.Sources;

namespace Mirage.Net;

/// <summary>
/// A wait of one loop that a token can end, used again and again: one waiter at a time, woken on the loop.
/// </summary>
/// <remarks>A source whose outcome is made when it is taken hands out tasks of its own and passes their calls on to
/// here.</remarks>
internal sealed class LoopWait : IValueTaskSource
{
    private readonly EventLoop _loop;
    private readonly LoopSignal<bool> _signal;
    private readonly IValueTaskSource<bool> _source;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;

    public LoopWait(EventLoop loop)
    {
        _loop = loop;
        _source = _signal = new LoopSignal<bool>(loop);
    }

    public bool IsPending => _signal.IsPending;

    /// <summary>Waits for <see cref="Wake"/>.</summary>
    /// <exception cref="InvalidOperationException">Somebody else waits.</exception>
    public ValueTask WaitAsync(CancellationToken token) =>
        token.IsCancellationRequested ? ValueTask.FromCanceled(token) : new(this, Begin(token));

    /// <summary>Begins a wait and gives the token of its task. <paramref name="token"/> is not cancelled yet.</summary>
    public short Begin(CancellationToken token)
    {
        var version = _signal.Begin();
        if (token.CanBeCanceled)
        {
            _token = token;
            _registration = token.UnsafeRegister(static self => ((LoopWait)self!).RequestCancel(), this);
        }

        return version;
    }

    /// <summary>Ends the wait under way, if there is one.</summary>
    public void Wake() => _signal.TrySetResult(true);

    public void GetResult(short token)
    {
        _registration.Unregister();
        (_registration, _token) = (default, default);
        _source.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void RequestCancel()
    {
        if (_loop.IsCurrent)
            Cancel();
        else
            _loop.Post(static self => ((LoopWait)self!).Cancel(), this);
    }

    // The wait that the request was for may be over: the one under way is cancelled if it has a cancelled token itself.
    private void Cancel()
    {
        if (_token.IsCancellationRequested)
            _signal.TrySetException(new OperationCanceledException(_token));
    }
}
