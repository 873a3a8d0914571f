namespace Mirage;

/// <summary>Brings continuations back to the loop.</summary>
internal sealed class LoopSynchronizationContext(EventLoop loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        loop.PostItem(new WorkItem(d, state));
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (!loop.IsCurrent)
            throw new NotSupportedException("Code on another thread cannot wait for the event loop; use Post.");
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
