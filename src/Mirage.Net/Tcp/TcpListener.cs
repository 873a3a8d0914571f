using LanguageExt;

namespace Mirage.Net;

/// <summary>
/// A port that is listened on: connections under way and those that wait to be accepted, together within the backlog.
/// </summary>
internal sealed class TcpListener(TcpEngine engine, ushort port, Endpoint reachable, ListenOptions options) : IListener
{
    /// <summary>A connection that is half open for longer gives its place up when there is no other: more than a round
    /// trip, so that a crowd of honest clients does not displace itself.</summary>
    public const long HalfOpenMinNs = 200_000_000;

    private const int BacklogDefault = 128;

    private readonly LinkedList<TcpConnection> _opening = []; // The one that began first is first.
    private readonly Queue<TcpConnection> _ready = new();
    private readonly LoopWait _wait = new(engine.Loop);
    private Action? _onClosed;
    private bool _isClosed;

    public ushort Port => port;

    public Endpoint Reachable { get; private set; } = reachable;

    public ListenOptions Options => options;

    /// <summary>Whether there is a place for one more connection.</summary>
    public bool HasRoom => _opening.Count + _ready.Count < (options.Backlog > 0 ? options.Backlog : BacklogDefault);

    /// <summary>Whether one more SYN is answered.</summary>
    /// <remarks>RFC 4987 section 3.4: senders of SYNs who never acknowledge would keep everybody out for as long as the
    /// answers are sent again, so the one that is half open longest is reset.</remarks>
    public bool TryMakeRoom(long nowNs)
    {
        if (!HasRoom && _opening.First?.Value is { } oldest && nowNs - oldest.OpeningSinceNs >= HalfOpenMinNs)
            oldest.Abort();
        return HasRoom;
    }

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

    public void HandleOpening(TcpConnection connection) => _opening.AddLast(connection.Opening);

    public void HandleEstablished(TcpConnection connection)
    {
        Forget(connection);
        _ready.Enqueue(connection);
        _wait.Wake();
    }

    /// <summary>
    /// The connection was not established; one that was stays, for its reader learns what became of it.
    /// </summary>
    public void Forget(TcpConnection connection)
    {
        if (connection.Opening.List == _opening)
            _opening.Remove(connection.Opening);
    }
}
