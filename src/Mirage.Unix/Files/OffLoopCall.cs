namespace Mirage.Unix;

/// <summary>One call of a function that waits for the kernel.</summary>
internal sealed class OffLoopCall<T> : OffLoop<T>
{
    private readonly Func<T> _call;

    private OffLoopCall(EventLoop loop, Func<T> call) : base(loop) => _call = call;

    /// <summary>Calls <paramref name="call"/> on another thread.</summary>
    public static ValueTask<T> Run(EventLoop loop, Func<T> call)
    {
        var work = new OffLoopCall<T>(loop, call);
        var outcome = work.Begin();
        work.Start();
        return outcome;
    }

    /// <inheritdoc/>
    protected override T Work() => _call();
}
