using System.IO.Pipelines;

namespace Mirage.Net;

/// <summary>The flow of a connection under the deadlines of its machine: every wait for the client goes through
/// here.</summary>
internal sealed class HttpTransport
{
    private readonly IFlow _flow;
    private readonly EventLoop _loop;
    private readonly LoopTimer _timer;
    private CancellationTokenSource? _aborted;
    private bool _isAborted;

    public HttpTransport(IFlow flow, EventLoop loop, HttpOptions options)
    {
        (_flow, _loop, Options) = (flow, loop, options);
        Machine = new HttpConnectionMachine(options);
        _timer = loop.CreateTimer(static self => ((HttpTransport)self!).OnTimer(), this);
    }

    public HttpConnectionMachine Machine { get; }

    public HttpOptions Options { get; }

    public Endpoint Local => _flow.Local;

    public Endpoint Remote => _flow.Remote;

    public PipeReader Input => _flow.Input;

    public PipeWriter Output => _flow.Output;

    public long NowNs => _loop.CoarseNs;

    // What waits from now on has its whole time, whatever the iteration has taken before.
    private long WaitingNs => _loop.NowNs;

    /// <summary>Made when a handler asks for it.</summary>
    public CancellationToken Aborted
    {
        get
        {
            if (_isAborted)
                return new CancellationToken(canceled: true);
            return (_aborted ??= new CancellationTokenSource()).Token;
        }
    }

    /// <summary>
    /// Arms the timer for the machine's deadline. A deadline mostly moves back, so that the timer is left where it is
    /// and asks the machine again when it fires: a request does not touch the heap of timers.
    /// </summary>
    public void Rearm()
    {
        if (Machine.NextTimeoutNs is { } dueNs && (!_timer.IsArmed || _timer.DueNs > dueNs))
            _timer.Arm(dueNs);
    }

    /// <summary>Reads content within its deadline.</summary>
    public async ValueTask<ReadResult> ReadBody(CancellationToken cancellation)
    {
        Machine.HandleBodyWait(WaitingNs);
        Rearm();
        try
        {
            return await Input.ReadAsync(cancellation);
        }
        finally
        {
            Machine.HandleBodyBytes(0, NowNs);
        }
    }

    /// <summary>Sends what was written, within the deadline for writing.</summary>
    /// <exception cref="FlowException">The connection is over.</exception>
    public ValueTask Flush(CancellationToken cancellation = default)
    {
        var flush = Output.FlushAsync(cancellation);
        if (!flush.IsCompletedSuccessfully)
            return FlushSlowly(flush);
        Check(flush.Result);
        return ValueTask.CompletedTask;
    }

    /// <summary>Resets the connection and tells the handler.</summary>
    public void Abort()
    {
        if (_isAborted)
            return;
        _isAborted = true;
        Machine.HandleClosed();
        _flow.Abort();
        _aborted?.Cancel();
    }

    /// <summary>Asks the loop of the connection to look at its machine again.</summary>
    public void CancelRead() => Input.CancelPendingRead();

    /// <summary>Closes the flow; nothing is read or written afterwards.</summary>
    public async ValueTask Close()
    {
        _timer.Disarm();
        Machine.HandleClosed();
        await _flow.DisposeAsync();
        _aborted?.Dispose();
    }

    /// <summary>
    /// Ends our stream and reads on until the client ends its own, or for a limited time: unread bytes would make the
    /// close a reset, which can destroy the response before the client has read it, RFC 9112 section 9.6.
    /// </summary>
    public async ValueTask Linger()
    {
        await Output.CompleteAsync();
        Machine.HandleLinger(NowNs);
        Rearm();
        while (Machine.Phase is HttpPhase.Lingering)
        {
            var read = await Input.ReadAsync();
            Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private async ValueTask FlushSlowly(ValueTask<FlushResult> flush)
    {
        Machine.HandleFlushWait(WaitingNs);
        Rearm();
        try
        {
            Check(await flush);
        }
        finally
        {
            Machine.HandleFlushed();
        }
    }

    // A pipe whose other end is gone completes its flushes without an error.
    private void Check(FlushResult result)
    {
        if (!result.IsCompleted && !_isAborted)
            return;
        Abort();
        throw new FlowException(new TcpError.Closed());
    }

    private void OnTimer()
    {
        var timeout = Machine.HandleTimeout(NowNs);
        if (timeout is HttpTimeout.CancelRead)
            CancelRead();
        else if (timeout is HttpTimeout.Abort)
            Abort();
        Rearm();
    }
}
