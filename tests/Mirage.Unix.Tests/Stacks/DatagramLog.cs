namespace Mirage.Unix.Tests;

/// <summary>The datagrams that a port got, to be waited for.</summary>
internal sealed class DatagramLog
{
    private readonly List<(Endpoint Source, Endpoint Destination, byte[] Payload)> _datagrams = [];
    private TaskCompletionSource _arrival = new();

    public int Length => _datagrams.Count;

    public (Endpoint Source, Endpoint Destination, byte[] Payload) this[int index] => _datagrams[index];

    public void Add(Endpoint source, Endpoint destination, byte[] payload)
    {
        _datagrams.Add((source, destination, payload));
        _arrival.TrySetResult();
    }

    /// <summary>Completes when there are that many.</summary>
    public async Task Count(int count)
    {
        while (_datagrams.Count < count)
        {
            _arrival = new();
            await _arrival.Task;
        }
    }
}
