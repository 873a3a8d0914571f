using LanguageExt;

namespace Mirage.Net;

/// <summary>A port that is listened on, and the connections that wait to be accepted.</summary>
/// <remarks>Those and the half-open ones are counted apart: neither a flood of SYNs nor a slow application takes the
/// other's places.</remarks>
internal sealed class TcpListener(TcpEngine engine, ushort port, Endpoint reachable, ListenOptions options) : IListener
{
    private const int BacklogDefault = 128;

    private readonly Queue<TcpConnection> _ready = new();
    private readonly LoopWait _wait = new(engine.Loop);
    private Action? _onClosed;
    private bool _isClosed;
    private long? _cookieNs; // When the last cookie was sent.

    public ushort Port => port;

    public Endpoint Reachable { get; private set; } = reachable;

    public ListenOptions Options => options;

    /// <summary>Connections that peers began and have not completed.</summary>
    public int HalfOpen { get; set; }

    /// <summary>Whether it is for one connection, and is over when that is not completed.</summary>
    public bool IsForOne { get; init; }

    /// <summary>Whether its last half-open connection was reset by the peer.</summary>
    public bool WasReset { get; set; }

    /// <summary>How many of those are remembered; SYNs beyond them are answered with cookies.</summary>
    public int HalfOpenMax => options.HalfOpenMax > 0 ? options.HalfOpenMax : TcpLimits.HalfOpenPerListener;

    /// <summary>Whether one more connection may wait to be accepted.</summary>
    public bool HasRoom => !_isClosed && _ready.Count < (options.Backlog > 0 ? options.Backlog : BacklogDefault);

    /// <summary>Whether a cookie that is still right may be out.</summary>
    public bool MayHaveCookies(long nowNs) =>
        _cookieNs is { } sentNs && nowNs - sentNs <= TcpSynCookies.SlotsMax * TcpSynCookies.SlotNs;

    /// <summary>A SYN was answered with a cookie.</summary>
    public void HandleCookieSent(long nowNs) => _cookieNs = nowNs;

    public async ValueTask<Either<TcpError, IFlow>> Accept(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        while (!_isClosed)
        {
            if (_ready.TryDequeue(out var connection))
            {
                connection.Accept();
                return connection;
            }

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
        while (_ready.TryDequeue(out var connection))
        {
            connection.Abort();
            connection.Detach();
        }

        _wait.Wake();
        _onClosed?.Invoke();
    }

    /// <summary>The link below has opened the port under another name, and is told when it is to be closed.</summary>
    public void Expose(Option<Endpoint> endpoint, Action onClosed) =>
        (Reachable, _onClosed) = (endpoint.IfNone(Reachable), onClosed);

    /// <summary>A half-open connection is one no longer: it is established, or will not be.</summary>
    public void HandleHalfOpenEnd()
    {
        HalfOpen--;
        if (IsForOne && _ready.Count == 0)
            Close();
    }

    public void HandleEstablished(TcpConnection connection)
    {
        _ready.Enqueue(connection);
        _wait.Wake();
    }
}
