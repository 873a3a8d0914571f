using System.Buffers;
using System.Net;

namespace Mirage.Net;

/// <summary>Finds the end of a request's head in bytes that arrive in pieces, and applies the limits of its size.
/// Looks at no byte twice.</summary>
/// <remarks>The outcome depends on the bytes only and not on how they were split. Nothing is consumed: the caller
/// keeps the bytes until the head is complete, which the limits bound.</remarks>
internal struct HttpHeadScanner
{
    /// <summary>Empty lines before a request that are skipped: RFC 9112 section 2.2 asks for at least one.</summary>
    public const int LeadingLinesMax = 4;

    private const HttpStatusCode Pending = 0;
    private int _scanned;
    private int _lineStart;
    private int _lines;
    private int _leading;
    private byte _previous;

    /// <summary>Bytes before the request line.</summary>
    public int Start { get; private set; }

    /// <summary>Bytes up to the end of the empty line that ends the head; 0 while it has not come.</summary>
    public int End { get; private set; }

    /// <summary>Looks on in <paramref name="buffer"/>, which begins with everything seen so far.</summary>
    /// <returns>A refusal, or 0: then <see cref="End"/> says whether the head is complete.</returns>
    public HttpStatusCode Scan(in ReadOnlySequence<byte> buffer, HttpOptions options)
    {
        foreach (var memory in buffer.Slice(_scanned))
        {
            var refusal = Scan(memory.Span, options);
            if (refusal is not Pending || End > 0)
                return refusal;
        }

        return Pending;
    }

    private HttpStatusCode Scan(ReadOnlySpan<byte> span, HttpOptions options)
    {
        while (!span.IsEmpty)
        {
            // A first byte that begins no method is refused at once: a client that speaks TLS would wait for ever.
            if (_lines == 0 && _scanned == _lineStart && span[0] is not ((byte)'\r' or (byte)'\n')
                && !HttpChars.IsTokenChar(span[0]))
                return HttpStatusCode.BadRequest;

            var index = span.IndexOf((byte)'\n');
            var count = index < 0 ? span.Length : index + 1;
            _scanned += count;
            var refusal = CheckLimits(options);
            if (refusal is not Pending)
                return refusal;
            if (index < 0)
            {
                _previous = span[^1];
                return Pending;
            }

            // RFC 9112 section 2.2 lets a server take a bare LF for a line end; who stands before it may not, so it is
            // refused.
            if ((index > 0 ? span[index - 1] : _previous) != '\r')
                return HttpStatusCode.BadRequest;
            _previous = (byte)'\n';
            refusal = EndLine(options);
            if (refusal is not Pending || End > 0)
                return refusal;
            span = span[count..];
        }

        return Pending;
    }

    private readonly HttpStatusCode CheckLimits(HttpOptions options)
    {
        if (_lines == 0 && _scanned - _lineStart > options.RequestLineMax + 2)
            return HttpStatusCode.RequestUriTooLong;
        return _scanned - Start > options.HeadBytesMax + 4 ? HttpStatusCode.RequestHeaderFieldsTooLarge : Pending;
    }

    private HttpStatusCode EndLine(HttpOptions options)
    {
        var isEmpty = _scanned - _lineStart == 2;
        _lineStart = _scanned;
        if (isEmpty && _lines > 0)
        {
            End = _scanned;
            return Pending;
        }

        if (isEmpty)
        {
            Start = _scanned;
            return ++_leading > LeadingLinesMax ? HttpStatusCode.BadRequest : Pending;
        }

        _lines++;
        return _lines - 1 > options.HeaderCountMax ? HttpStatusCode.RequestHeaderFieldsTooLarge : Pending;
    }
}
