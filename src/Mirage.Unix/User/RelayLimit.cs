namespace Mirage.Unix;

/// <summary>How many connections a user-mode network carries at once, and a wait for all of them to end.</summary>
internal sealed class RelayLimit(EventLoop loop)
{
    /// <summary>Connections at once; further clients wait in the kernel's queues.</summary>
    public const int RelaysMax = 4096;

    private readonly HashSet<Task> _running = [];
    private TaskCompletionSource? _change;

    /// <summary>Connections that are carried now.</summary>
    public int Count => _running.Count;

    /// <summary>Completes once another connection may begin.</summary>
    public async ValueTask WaitForRoom()
    {
        while (_running.Count >= RelaysMax)
            await NextChange();
    }

    /// <summary>Counts <paramref name="relay"/> until it completes.</summary>
    public void Begin(Task relay)
    {
        _running.Add(relay);
        _ = Observe(relay);
    }

    /// <summary>Completes when no connection is left, or after <paramref name="limit"/>.</summary>
    public async ValueTask WaitForAll(TimeSpan limit)
    {
        using var ended = new CancellationTokenSource();
        var late = Task.Delay(limit, loop.Time, ended.Token);
        while (_running.Count > 0 && !late.IsCompleted)
            await Task.WhenAny(NextChange(), late);
        ended.Cancel();
    }

    private async Task Observe(Task relay)
    {
        try
        {
            await relay;
        }
        finally
        {
            _running.Remove(relay);
            _change?.TrySetResult();
            _change = null;
        }
    }

    private Task NextChange() => (_change ??= new()).Task;
}
