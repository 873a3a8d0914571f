namespace Mirage.Testing;

/// <summary>A port of UDP of the stack under test, as its application has it.</summary>
public sealed class ScriptPort
{
    private readonly PacketScript _script;
    private readonly Queue<(Endpoint Source, byte[] Payload)> _datagrams = [];
    private TaskCompletionSource _arrival = new();

    internal ScriptPort(PacketScript script, ushort number)
    {
        _script = script;
        Port = script.Right(script.Stack.Bind(number, this), $"binds UDP port {number}");
    }

    /// <summary>The port.</summary>
    public UdpPort Port { get; }

    /// <summary>The application sends a datagram to a port of the peer.</summary>
    public void Send(ushort port, params ReadOnlySpan<byte> payload)
    {
        var destination = new Endpoint(_script.Options.Peer, port);
        _script.Note($"sends {payload.Length} bytes to UDP port {port}");
        _script.Right(_script.Stack.Write(Port, destination, payload.ToArray()), "sends a datagram");
    }

    /// <summary>The next datagram that the application gets.</summary>
    public async Task<(Endpoint Source, byte[] Payload)> Receive(When when = default)
    {
        if (_datagrams.Count == 0)
            await _script.Limit(Arrives(), when, "receives a datagram");
        _script.Note("receives a datagram");
        return _datagrams.Dequeue();

        async Task<bool> Arrives()
        {
            _arrival = new();
            await _arrival.Task;
            return true;
        }
    }

    internal void Add(Endpoint source, byte[] payload)
    {
        _datagrams.Enqueue((source, payload));
        _arrival.TrySetResult();
    }
}
