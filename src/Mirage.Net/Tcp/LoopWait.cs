using System.Threading.Tasks.Sources;

namespace Mirage.Net;

/// <summary>
/// A wait of one loop that a token can end, used again and again: one waiter at a time, woken on the loop.
/// </summary>
/// <remarks>A source whose outcome is made when it is taken hands out tasks of its own and passes their calls on to
/// here.</remarks>
internal sealed class LoopWait(EventLoop loop) : LoopSignal<bool>(loop), IValueTaskSource
{
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;

    private IValueTaskSource<bool> Source => this;

    /// <summary>Waits for <see cref="Wake"/>.</summary>
    /// <exception cref="InvalidOperationException">Somebody else waits.</exception>
    public ValueTask WaitAsync(CancellationToken token) =>
        token.IsCancellationRequested ? ValueTask.FromCanceled(token) : new(this, Begin(token));

    /// <summary>Begins a wait and gives the token of its task. <paramref name="token"/> is not cancelled yet.</summary>
    public short Begin(CancellationToken token)
    {
        var version = Begin();
        if (token.CanBeCanceled)
        {
            _token = token;
            _registration = token.UnsafeRegister(static self => ((LoopWait)self!).RequestCancel(), this);
        }

        return version;
    }

    /// <summary>Ends the wait under way, if there is one.</summary>
    public void Wake() => TrySetResult(true);

    public void GetResult(short token)
    {
        _registration.Unregister();
        (_registration, _token) = (default, default);
        Source.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => Source.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        Source.OnCompleted(continuation, state, token, flags);

    private void RequestCancel()
    {
        if (Loop.IsCurrent)
            Cancel();
        else
            Loop.Post(static self => ((LoopWait)self!).Cancel(), this);
    }

    // The wait that the request was for may be over: the one under way is cancelled if it has a cancelled token itself.
    private void Cancel()
    {
        if (_token.IsCancellationRequested)
            TrySetException(new OperationCanceledException(_token));
    }
}
