using System.Diagnostics.Tracing;

namespace Mirage.Testing;

/// <summary>Hears of each item that a thread hands to the thread pool, on that thread, while it is being handed
/// over.</summary>
/// <remarks>The runtime's own event source says so. The listener is one for the process; which world is being run is
/// known to its thread alone, so that parallel tests do not meet.</remarks>
internal sealed class PoolWatch : EventListener
{
    private const string Source = "System.Diagnostics.Eventing.FrameworkEventSource";
    private const EventKeywords ThreadPool = (EventKeywords)0x2;
    private const EventKeywords ThreadTransfer = (EventKeywords)0x10;
    private const int EnqueueWork = 30;
    private const int WarmUpRounds = 1000;

    private static readonly Lazy<PoolWatch> s_watch = new(Start);
    [ThreadStatic]
    private static SimFence? t_fence;
    private volatile bool _isHeard;

    /// <summary>Tells <paramref name="fence"/> from now on what the calling thread hands over.</summary>
    public static void Begin(SimFence fence)
    {
        _ = s_watch.Value;
        t_fence = fence;
    }

    public static void End() => t_fence = null;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
            EnableEvents(eventSource, EventLevel.Verbose, ThreadPool | ThreadTransfer);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId != EnqueueWork)
            return;
        _isHeard = true;
        t_fence?.Pool();
    }

#pragma warning disable RS0030 // The pool looks whether somebody listens when a worker begins, so one has to begin.
    private static PoolWatch Start()
    {
        var watch = new PoolWatch();
        using var ran = new SemaphoreSlim(0);
        for (var round = 0; round < WarmUpRounds && !watch._isHeard; round++)
        {
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(
                static ran => ran.Release(), ran, preferLocal: false); // The caller may be a worker that runs its own.
            ran.Wait();
        }

        return watch._isHeard
            ? watch
            : throw new InvalidOperationException(
                "The runtime does not tell what is handed to its thread pool: set EventSourceSupport to true.");
    }
#pragma warning restore RS0030
}
