namespace Mirage;

/// <summary>Where an <see cref="EventLoop"/> gets its time from and how it waits: epoll on unix, a virtual clock in
/// simulation.</summary>
public abstract class LoopDriver
{
    /// <summary>Monotonic time, ns since an arbitrary origin.</summary>
    public abstract long NowNs { get; }

    /// <summary>The time of day.</summary>
    public abstract DateTimeOffset UtcNow { get; }

    /// <summary>
    /// Looks for input and hands what is ready to <see cref="EventLoop.RequestInput"/>. Returns when some is ready,
    /// when
    /// <paramref name="deadlineNs"/> has come or after <see cref="Wake"/>; at once when the deadline has passed.
    /// <see cref="long.MaxValue"/> is no deadline.
    /// </summary>
    public abstract void Wait(long deadlineNs);

    /// <summary>Ends a <see cref="Wait"/> under way, or the next one. Callable from every thread.</summary>
    public abstract void Wake();

    /// <summary>Told of each post from outside an iteration, on the thread that posts.</summary>
    internal virtual void Posted() { }
}
