namespace Mirage.Testing;

/// <summary>The datagrams that a port got.</summary>
internal sealed class DatagramLog
{
    private readonly List<(Endpoint Source, Endpoint Destination, byte[] Payload)> _datagrams = [];
    private TaskCompletionSource _arrival = New();

    public int Count => _datagrams.Count;

    /// <summary>How often the port was told that its transport is disconnected.</summary>
    public int Closed { get; private set; }

    public (Endpoint Source, Endpoint Destination, byte[] Payload) this[int index] => _datagrams[index];

    public void Add(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload)
    {
        _datagrams.Add((source, destination, payload.ToArray()));
        _arrival.TrySetResult();
    }

    public void Close() => Closed++;

    /// <summary>Completes when there are that many.</summary>
    public async ValueTask Arrived(int count)
    {
        while (_datagrams.Count < count)
        {
            _arrival = New();
            await _arrival.Task;
        }
    }

    // A law goes on outside of the handler that it waits for.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
