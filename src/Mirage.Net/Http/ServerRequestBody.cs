using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace Mirage.Net;

/// <summary>The content of a request without its framing. Content with a length is read in place; chunked content is
/// copied once.</summary>
internal sealed class ServerRequestBody(HttpTransport transport) : PipeReader
{
    private static readonly byte[] s_continue = [.. "HTTP/1.1 100 Continue\r\n\r\n"u8];

    private readonly ChunkedBodyReader _chunks = new(transport.Options);
    private bool _isChunked;
    private long _remaining;
    private long _seen;
    private ReadOnlySequence<byte> _lent;
    private bool _isLent;
    private HttpBodyException? _failure;

    public HttpFields Trailers => _chunks.Trailers;

    /// <summary>Whether the message ends here: the next byte of the flow begins the next request.</summary>
    public bool IsAtEnd => _failure is null && (_isChunked ? _chunks.IsAtEnd : _remaining == 0);

    /// <summary>Whether what is left may be read and dropped so that the connection can go on.</summary>
    public bool IsDrainable => _failure is null && (_isChunked || _remaining <= transport.Options.DrainBytesMax);

    /// <summary>Takes up the content of the next request.</summary>
    public void Begin(in HttpFraming framing)
    {
        _isChunked = framing.IsChunked;
        _remaining = framing.ContentLength ?? 0;
        _seen = 0;
        (_failure, _lent, _isLent) = (null, default, false);
        _chunks.Begin(_isChunked);
    }

    /// <summary>The handler is done: a read that it did not end by advancing is ended, and what it saw is
    /// dropped.</summary>
    public void Release()
    {
        if (_isLent)
            AdvanceTo(_lent.End);
    }

    /// <summary>Reads what the handler left and drops it, as far as the limit goes.</summary>
    /// <returns>Whether the end was reached.</returns>
    public async ValueTask<bool> Drain()
    {
        var dropped = 0L;
        while (!IsAtEnd)
        {
            if (!IsDrainable || dropped > transport.Options.DrainBytesMax)
                return false;
            var read = await ReadAsync();
            dropped += read.Buffer.Length;
            AdvanceTo(read.Buffer.End);
        }

        return true;
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_failure is not null)
            throw _failure;
        if (_isChunked)
            return TryReadChunks(out result);

        if (_remaining == 0)
        {
            result = new(default, isCanceled: false, isCompleted: true);
            return true;
        }

        var isThere = transport.Input.TryRead(out var raw);
        result = isThere ? Lend(raw) : default;
        return isThere;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead(out var result) ? new(result) : ReadSlowly(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_isChunked)
        {
            _chunks.Decoded.AdvanceTo(consumed, examined);
            return;
        }

        if (!_isLent)
            return; // At the end there is nothing to advance over.

        var count = _lent.Slice(_lent.Start, consumed).Length;

        // When the rest is there already, more of it never comes: a reader that looked at all of it must get it again
        // at once.
        var isWhole = _lent.Length == _remaining;
        _remaining -= count;
        _seen -= count;
        (_lent, _isLent) = (default, false);
        transport.Input.AdvanceTo(consumed, isWhole ? consumed : examined);
    }

    public override void CancelPendingRead() => transport.CancelRead();

    /// <summary>The handler wants no more: what is left is dropped later.</summary>
    public override void Complete(Exception? exception = null) { }

    private async ValueTask<ReadResult> ReadSlowly(CancellationToken cancellation)
    {
        if (transport.Machine.TryPollContinue())
        {
            transport.Output.Write(s_continue);
            await transport.Flush(cancellation);
        }

        while (true)
        {
            var raw = await transport.ReadBody(cancellation);
            if (!_isChunked)
                return Lend(raw);
            Decode(raw);
            if (raw.IsCanceled)
                return new(default, isCanceled: true, isCompleted: false);
            if (_chunks.Decoded.TryRead(out var result))
                return result;
        }
    }

    // The part of what is there that belongs to this message.
    private ReadResult Lend(in ReadResult raw)
    {
        CheckDeadline(raw, raw.Buffer.Start);
        _lent = raw.Buffer.Length > _remaining ? raw.Buffer.Slice(0, _remaining) : raw.Buffer;
        transport.Machine.HandleBodyBytes(_lent.Length - _seen, transport.NowNs);
        _seen = _lent.Length;
        if (raw.IsCompleted && _seen < _remaining)
        {
            transport.Input.AdvanceTo(raw.Buffer.End);
            Fail(HttpStatusCode.BadRequest, "the client ended its stream inside the content");
        }

        _isLent = true;
        return new(_lent, raw.IsCanceled, isCompleted: _seen == _remaining);
    }

    private bool TryReadChunks(out ReadResult result)
    {
        while (!_chunks.Decoded.TryRead(out result))
        {
            if (!transport.Input.TryRead(out var raw))
                return false;
            Decode(raw);
        }

        return true;
    }

    private void Decode(in ReadResult raw)
    {
        CheckDeadline(raw, raw.Buffer.Start);
        var consumed = _chunks.Decode(raw.Buffer, out var count);
        transport.Input.AdvanceTo(consumed);
        transport.Machine.HandleBodyBytes(count, transport.NowNs);
        if (_chunks.Refusal != 0)
            Fail(_chunks.Refusal, "the chunked content is malformed or too long");
        if (raw.IsCompleted && !_chunks.IsAtEnd)
            Fail(HttpStatusCode.BadRequest, "the client ended its stream inside the content");
    }

    private void CheckDeadline(in ReadResult raw, SequencePosition start)
    {
        if (!raw.IsCanceled || transport.Machine.Refusal is 0)
            return;
        transport.Input.AdvanceTo(start);
        Fail(transport.Machine.Refusal, "the client does not send its content");
    }

    private void Fail(HttpStatusCode status, string reason)
    {
        transport.Machine.HandleLast();
        _failure = new(status, reason);
        throw _failure;
    }
}
