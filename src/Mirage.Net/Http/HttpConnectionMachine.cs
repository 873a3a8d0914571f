using System.Diagnostics;
using System.Net;

namespace Mirage.Net;

/// <summary>The course of one connection of an HTTP server, without I/O: phases, deadlines, whether it goes on after a
/// response.</summary>
/// <remarks>Not thread-safe. After each Handle* re-arm a timer at <see cref="NextTimeoutNs"/>.</remarks>
internal sealed class HttpConnectionMachine(HttpOptions options)
{
    private const long Never = long.MaxValue;
    private long _readDueNs = Never;
    private long _writeDueNs = Never;
    private long _waitStartNs;
    private long _bodyBudgetNs;
    private int _progress;
    private bool _owesContinue;
    private bool _stopping;

    public HttpPhase Phase { get; private set; }

    /// <summary>The status that answers a client which broke a deadline; 0 while none did.</summary>
    public HttpStatusCode Refusal { get; private set; }

    /// <summary>Whether another request may follow the one under way.</summary>
    public bool IsPersistent { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> is due next; null while nothing waits for time.</summary>
    public long? NextTimeoutNs => Math.Min(_readDueNs, _writeDueNs) is var due and not Never ? due : null;

    /// <summary>The connection is established, or its last response is complete: a request may begin.</summary>
    public void HandleReady(long nowNs)
    {
        Debug.Assert(Phase is HttpPhase.Idle or HttpPhase.Request, "A request begins after the one before.");
        if (_stopping || (Phase is HttpPhase.Request && !IsPersistent))
        {
            HandleClosed();
            return;
        }

        Phase = HttpPhase.Idle;
        _readDueNs = nowNs + ToNs(options.IdleLimit);
    }

    /// <summary>Bytes of a head are there. The deadline runs from the first one on and does not move.</summary>
    public void HandleHeadBytes(long nowNs)
    {
        if (Phase is not HttpPhase.Idle)
            return;
        Phase = HttpPhase.Head;
        _readDueNs = nowNs + ToNs(options.HeadLimit);
    }

    /// <summary>A head is complete and well formed.</summary>
    public void HandleRequest(in HttpFraming framing)
    {
        Debug.Assert(Phase is HttpPhase.Head, "A head begins before it ends.");
        Phase = HttpPhase.Request;
        _readDueNs = Never;
        _bodyBudgetNs = ToNs(options.BodyLimit);
        _progress = 0;
        _owesContinue = framing is { ExpectsContinue: true, HasContent: true };
        IsPersistent = framing.IsPersistent && !_stopping;
    }

    /// <summary>Whether 100 (Continue) is to be sent now that the content is waited for. True once for a request, RFC
    /// 9110 section 10.1.1.</summary>
    public bool TryPollContinue()
    {
        var owes = _owesContinue;
        _owesContinue = false;
        return owes;
    }

    /// <summary>The handler waits for content. Only such time counts against the client.</summary>
    public void HandleBodyWait(long nowNs)
    {
        _waitStartNs = nowNs;
        _readDueNs = nowNs + _bodyBudgetNs;
    }

    /// <summary>The wait is over; <paramref name="count"/> more bytes of content are there.</summary>
    public void HandleBodyBytes(long count, long nowNs)
    {
        _owesContinue = false; // RFC 9110 section 10.1.1: not needed once content has come.
        if (_readDueNs != Never)
            _bodyBudgetNs -= nowNs - _waitStartNs;
        _readDueNs = Never;

        // A client that sends a byte now and then makes no progress.
        _progress = (int)Math.Min(_progress + count, options.BodyProgressBytes);
        if (_progress < options.BodyProgressBytes)
            return;
        _progress = 0;
        _bodyBudgetNs = ToNs(options.BodyLimit);
    }

    /// <summary>The head of the response is written. A length or chunks delimit it, or else the end of the
    /// connection.</summary>
    public void HandleResponse(bool isDelimited, bool isBodyDrainable)
    {
        // A client that still waits for 100 may or may not send its content after this response: only closing is sure.
        if (!isDelimited || !isBodyDrainable || _owesContinue || _stopping)
            IsPersistent = false;
        _owesContinue = false;
    }

    /// <summary>This is the last request.</summary>
    public void HandleLast() => IsPersistent = false;

    /// <summary>A flush waits for the client.</summary>
    public void HandleFlushWait(long nowNs) => _writeDueNs = nowNs + ToNs(options.WriteLimit);

    /// <summary>The flush is done.</summary>
    public void HandleFlushed() => _writeDueNs = Never;

    /// <summary>The server stops: no request follows the one under way.</summary>
    /// <returns>Whether the wait for input is to be ended.</returns>
    public bool HandleStop()
    {
        _stopping = true;
        IsPersistent = false;
        if (Phase is not HttpPhase.Idle)
            return false;
        HandleClosed();
        return true;
    }

    /// <summary>The last response is sent while the client may still be sending.</summary>
    public void HandleLinger(long nowNs)
    {
        Phase = HttpPhase.Lingering;
        _readDueNs = nowNs + ToNs(options.LingerLimit);
    }

    /// <summary>The connection is over.</summary>
    public void HandleClosed()
    {
        Phase = HttpPhase.Closed;
        _readDueNs = _writeDueNs = Never;
    }

    /// <summary>Time has come to <see cref="NextTimeoutNs"/>.</summary>
    public HttpTimeout HandleTimeout(long nowNs)
    {
        if (_writeDueNs <= nowNs)
        {
            HandleClosed();
            return HttpTimeout.Abort;
        }

        if (_readDueNs > nowNs)
            return HttpTimeout.None;
        _readDueNs = Never;
        if (Phase is HttpPhase.Idle or HttpPhase.Lingering)
            HandleClosed();
        else
            (Refusal, IsPersistent) = (HttpStatusCode.RequestTimeout, false);
        return HttpTimeout.CancelRead;
    }

    // A limit of centuries is none, and must not overflow.
    private static long ToNs(TimeSpan span) => Math.Min(span.Ticks, long.MaxValue / 400) * 100;
}
