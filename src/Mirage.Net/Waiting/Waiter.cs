namespace Mirage.Net;

/// <summary>Somebody who waits for an answer. He runs on the loop, in an iteration of his own: neither in the middle of
/// a drain, nor by way of the thread pool, where RunContinuationsAsynchronously takes whoever waits for several at
/// once.</summary>
internal sealed class Waiter<T>(EventLoop loop) : TaskCompletionSource<T>
{
    /// <summary>Gives him the answer; the first one counts.</summary>
    public void Answer(T answer) => loop.Post(_ => TrySetResult(answer), null);

    /// <summary>Tells him that he does not want it any more.</summary>
    public void Cancel(CancellationToken cancellation) => loop.Post(_ => TrySetCanceled(cancellation), null);
}
