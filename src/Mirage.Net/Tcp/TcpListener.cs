using LanguageExt;

namespace Mirage.Net;

/// <summary>
/// A port that is listened on: connections under way and those that wait to be accepted, together within the backlog.
/// </summary>
internal sealed class TcpListener(TcpEngine engine, ushort port, Endpoint reachable, ListenOptions options) : IListener
{
    private const int BacklogDefault = 128;

    private readonly System.Collections.Generic.HashSet<TcpConnection> _opening = [];
    private readonly Queue<TcpConnection> _ready = new();
    private readonly LoopWait _wait = new(engine.Loop);
    private Action? _onClosed;
    private bool _isClosed;

    public ushort Port => port;

    public Endpoint Reachable { get; private set; } = reachable;

    public ListenOptions Options => options;

    /// <summary>Whether one more SYN is answered.</summary>
    public bool HasRoom => _opening.Count + _ready.Count < (options.Backlog > 0 ? options.Backlog : BacklogDefault);

    public async ValueTask<Either<TcpError, IFlow>> Accept(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        while (!_isClosed)
        {
            if (_ready.TryDequeue(out var connection))
                return Prelude.Right<TcpError, IFlow>(connection.Accept()!);
            await _wait.WaitAsync(cancellation);
        }

        return new TcpError.Closed();
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>Stops listening and resets what was not accepted.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        engine.Unlisten(this);
        foreach (var connection in _opening.Concat(_ready).ToList())
        {
            connection.Abort();
            connection.Detach();
        }

        _opening.Clear();
        _ready.Clear();
        _wait.Wake();
        _onClosed?.Invoke();
    }

    /// <summary>The link below has opened the port under another name, and is told when it is to be closed.</summary>
    public void Expose(Option<Endpoint> endpoint, Action onClosed) =>
        (Reachable, _onClosed) = (endpoint.IfNone(Reachable), onClosed);

    public void HandleOpening(TcpConnection connection) => _opening.Add(connection);

    public void HandleEstablished(TcpConnection connection)
    {
        _opening.Remove(connection);
        _ready.Enqueue(connection);
        _wait.Wake();
    }

    /// <summary>
    /// The connection was not established; one that was stays, for its reader learns what became of it.
    /// </summary>
    public void Forget(TcpConnection connection) => _opening.Remove(connection);
}
