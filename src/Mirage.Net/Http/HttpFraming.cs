using System.Net;
using System.Text;

namespace Mirage.Net;

/// <summary>What the header fields say about where the message ends and what becomes of the connection: RFC 9112
/// sections 6 and 9.</summary>
/// <param name="ContentLength">Bytes of content; null when it is chunked.</param>
/// <param name="IsPersistent">Whether the client wants to send more requests, RFC 9112 section 9.3.</param>
/// <param name="ExpectsContinue">Whether the client waits for 100 before it sends the content, RFC 9110 section
/// 10.1.1.</param>
internal readonly record struct HttpFraming(long? ContentLength, bool IsPersistent, bool ExpectsContinue)
{
    public bool IsChunked => ContentLength is null;

    /// <summary>Whether there are content bytes to come.</summary>
    public bool HasContent => ContentLength is not 0;

    /// <summary>Reads the fields that frame the message. Whatever two recipients could understand differently is
    /// refused.</summary>
    /// <param name="fields">The header fields.</param>
    /// <param name="minorVersion">0 or 1.</param>
    /// <param name="verb">The method.</param>
    /// <param name="framing">What they say.</param>
    /// <param name="host">The authority of the target, or else of the Host field.</param>
    /// <returns>A refusal, or 0.</returns>
    public static HttpStatusCode Read(
        HttpFields fields, int minorVersion, HttpVerb verb, out HttpFraming framing, ref (int Start, int Length) host)
    {
        var reader = new Reader(minorVersion == 0, host);
        framing = default;
        for (var index = 0; index < fields.Count; index++)
        {
            if (!reader.Take(fields, index))
                return HttpStatusCode.BadRequest;
        }

        host = reader.Host;
        return reader.Finish(verb, out framing);
    }

    private struct Reader(bool isHttp10, (int Start, int Length) targetHost)
    {
        private long _length = -1;
        private bool _hasHost, _hasCodings, _isChunkedLast, _hasOtherCoding;
        private bool _close, _keepAlive, _hasExpect, _hasOtherExpect;

        public (int Start, int Length) Host { get; private set; } = targetHost;

        public bool Take(HttpFields fields, int index)
        {
            var name = fields.Name(index);
            var value = fields.Value(index);
            return name.Length switch
            {
                4 when Ascii.EqualsIgnoreCase(name, "host"u8) => TakeHost(value, fields.ValueRange(index)),
                6 when Ascii.EqualsIgnoreCase(name, "expect"u8) => TakeExpect(value),
                10 when Ascii.EqualsIgnoreCase(name, "connection"u8) => TakeConnection(value),
                14 when Ascii.EqualsIgnoreCase(name, "content-length"u8) => TakeLength(value),
                17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) => TakeCodings(value),
                _ => true,
            };
        }

        public readonly HttpStatusCode Finish(HttpVerb verb, out HttpFraming framing)
        {
            framing = new(
                ContentLength: _hasCodings ? null : Math.Max(_length, 0),
                IsPersistent: !_close && (!isHttp10 || _keepAlive),
                ExpectsContinue: _hasExpect && !isHttp10);

            // RFC 9112 section 3.2: a request of HTTP/1.1 has exactly one Host field, whatever its target.
            if (!_hasHost && !isHttp10)
                return HttpStatusCode.BadRequest;

            // RFC 9112 section 6.1: transfer codings beside a length are an attack, and in HTTP/1.0 faulty framing.
            if (_hasCodings && (_length >= 0 || isHttp10 || !_isChunkedLast))
                return HttpStatusCode.BadRequest;
            if (_hasOtherCoding)
                return HttpStatusCode.NotImplemented;

            // An HTTP/1.0 client may end its content by closing: without a length it would be read as the next request.
            if (isHttp10 && _length < 0 && verb is HttpVerb.Post or HttpVerb.Put or HttpVerb.Patch)
                return HttpStatusCode.LengthRequired;
            return _hasOtherExpect && !isHttp10 ? HttpStatusCode.ExpectationFailed : 0;
        }

        private bool TakeHost(ReadOnlySpan<byte> value, (int Start, int Length) range)
        {
            if (_hasHost || !HttpChars.IsAuthority(value))
                return false;
            _hasHost = true;

            // RFC 9112 section 3.2.2: the authority of an absolute target replaces the Host field.
            if (Host.Length == 0)
                Host = range;
            return true;
        }

        private bool TakeExpect(ReadOnlySpan<byte> value)
        {
            while (HttpChars.TryNextElement(ref value, out var element))
            {
                var isContinue = Ascii.EqualsIgnoreCase(element, "100-continue"u8);
                _hasExpect |= isContinue;
                _hasOtherExpect |= !isContinue;
            }

            return true;
        }

        private bool TakeConnection(ReadOnlySpan<byte> value)
        {
            while (HttpChars.TryNextElement(ref value, out var option))
            {
                _close |= Ascii.EqualsIgnoreCase(option, "close"u8);
                _keepAlive |= Ascii.EqualsIgnoreCase(option, "keep-alive"u8);
            }

            return true;
        }

        // RFC 9112 section 6.3: digits only and once. A list of equal lengths may be read; it is refused, for nobody
        // needs it.
        private bool TakeLength(ReadOnlySpan<byte> value)
        {
            if (_length >= 0 || value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return false;

            // A length beyond 63 bits is a length, and larger than every limit: RFC 9110 section 8.6 warns of overflow.
            _length = 0;
            foreach (var digit in value)
                _length = _length > (long.MaxValue - 9) / 10 ? long.MaxValue : (_length * 10) + (digit - '0');
            return true;
        }

        private bool TakeCodings(ReadOnlySpan<byte> value)
        {
            _hasCodings = true;
            while (HttpChars.TryNextElement(ref value, out var coding))
            {
                if (_isChunkedLast)
                    return false; // RFC 9112 section 6.1: chunked is applied once, and last.
                _isChunkedLast = Ascii.EqualsIgnoreCase(coding, "chunked"u8);
                _hasOtherCoding |= !_isChunkedLast;
            }

            return true;
        }
    }
}
