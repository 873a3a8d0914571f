using Microsoft.Extensions.Logging;

namespace Mirage.Net;

/// <summary>A port on which an HTTP server accepts connections.</summary>
internal sealed class HttpListener<THandler> : IHttpListener where THandler : IHttpHandler
{
    /// <summary>Connections beyond the limit that are being told so; those beyond are reset without a word.</summary>
    public const int RefusalsMax = 64;

    // After a failure, so that a lasting one does not keep the loop busy.
    private const long AcceptPauseNs = 100_000_000;

    private readonly IListener _listener;
    private readonly THandler _handler;
    private readonly HttpOptions _options;
    private readonly Host _host;
    private readonly ILogger _log;
    private readonly HttpDateCache _date;
    private readonly Action<IHttpListener> _onStopped;
    private readonly LoopTimer _timer;
    private readonly HashSet<IHttpConnection> _connections = [];
    private readonly Holding _holding;
    private readonly Task _accepting;
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _paused;
    private Task? _stop;
    private int _refusals;

    public HttpListener(
        IListener listener, THandler handler, HttpOptions options, Host host, Action<IHttpListener> onStopped)
    {
        (_listener, _handler, _options, _host) = (listener, handler, options, host);
        _onStopped = onStopped;
        _log = host.Logs.CreateLogger(HttpLog.Source);
        _date = new HttpDateCache(host.Loop);
        _timer = host.Loop.CreateTimer(static self => ((HttpListener<THandler>)self!).OnTimer(), this);
        _holding = host.Holdings.Add("HTTP connections", () => _connections.Count);
        _accepting = Accept();
    }

    public ushort Port => _listener.Port;

    public Endpoint Reachable => _listener.Reachable;

    public int ConnectionCount => _connections.Count;

    public async ValueTask Run(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using (stop.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), stopped))
            await Task.WhenAny(stopped.Task, _accepting);
        await DisposeAsync();
    }

    public ValueTask DisposeAsync() => new(_stop ??= Stop());

    private async Task Accept()
    {
        while (true)
        {
            var accepted = await _listener.Accept();
            if (accepted.Case is IFlow flow)
            {
                Begin(flow);
                continue;
            }

            var error = (TcpError)accepted;
            if (error is TcpError.Closed)
                return;
            HttpLog.AcceptFailed(_log, Port, error.ToString());
            _paused = new TaskCompletionSource();
            _timer.Arm(_host.Loop.NowNs + AcceptPauseNs);
            await _paused.Task;
        }
    }

    private void Begin(IFlow flow)
    {
        if (_stop is not null || (_connections.Count >= _options.ConnectionsMax && _refusals >= RefusalsMax))
            _ = Drop(flow);
        else if (_connections.Count - _refusals < _options.ConnectionsMax)
            _ = Serve(new HttpConnection<THandler>(flow, _handler, _options, _host.Loop, _date, _log));
        else
            _ = Refuse(flow);
    }

    // Nobody reads or writes it any more: it is given back as well as reset.
    private static async Task Drop(IFlow flow)
    {
        flow.Abort();
        await flow.DisposeAsync();
    }

    private async Task Serve(IHttpConnection connection)
    {
        _connections.Add(connection);
        await connection.Run();
        _connections.Remove(connection);
        if (_connections.Count == 0)
            _drained?.TrySetResult();
    }

    private async Task Refuse(IFlow flow)
    {
        _refusals++;
        await Serve(new HttpRefusal(flow, _options, _host.Loop, _date));
        _refusals--;
    }

    private async Task Stop()
    {
        await _listener.DisposeAsync();
        _paused?.TrySetResult();
        if (_connections.Count > 0)
        {
            _drained = new TaskCompletionSource();
            _timer.Arm(_host.Loop.NowNs + (_options.StopLimit.Ticks * 100));
            foreach (var connection in _connections.ToArray())
                connection.Stop();
            await _drained.Task;
        }

        _timer.Disarm();
        _holding.Dispose();
        _onStopped(this);
        await _accepting;
    }

    // Before the stop the timer ends a pause of accepting, after it the time that requests under way may take.
    private void OnTimer()
    {
        _paused?.TrySetResult();
        if (_drained is null)
            return;
        foreach (var connection in _connections.ToArray())
            connection.Abort();
        _drained.TrySetResult();
    }
}
