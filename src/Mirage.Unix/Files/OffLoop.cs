using System.Diagnostics;

namespace Mirage.Unix;

/// <summary>Work that waits for the kernel: done by a thread of the pool while the loop goes on, and ended on the loop.
/// Used again and again it allocates nothing.</summary>
/// <remarks>One use at a time: the next begins when the outcome of the one before was taken.</remarks>
/// <typeparam name="T">The outcome.</typeparam>
internal abstract class OffLoop<T>(EventLoop loop) : IThreadPoolWorkItem
{
    private readonly LoopSignal<T> _signal = new(loop);
    private T _outcome = default!;
    private Exception? _failure;

    /// <summary>Whether an outcome was not taken yet.</summary>
    public bool IsPending => _signal.IsPending;

    /// <summary>Begins a use; <see cref="Start"/> starts the work.</summary>
    public ValueTask<T> Begin() => _signal.WaitAsync();

    /// <summary>Hands the work to another thread.</summary>
    public void Start()
    {
        Debug.Assert(IsPending, "Somebody waits for the outcome.");
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            _outcome = Work();
        }
        catch (Exception failure) // A mistake in the work is the waiter's, not the end of the process.
        {
            _failure = failure;
        }

        loop.Post(static self => ((OffLoop<T>)self!).Finish(), this);
    }

    /// <summary>The work, on a thread of the pool.</summary>
    protected abstract T Work();

    /// <summary>What the work gave, on the loop; what this gives is the outcome.</summary>
    protected virtual T End(T outcome) => outcome;

    private void Finish()
    {
        var (outcome, failure) = (End(_outcome), _failure);
        (_outcome, _failure) = (default!, null);
        if (failure is null)
            _signal.TrySetResult(outcome);
        else
            _signal.TrySetException(failure);
    }
}
