using System.Net;

namespace Mirage.Net;

/// <summary>Takes the framing off chunked content, RFC 9112 section 7.1, one run of bytes at a time.</summary>
/// <remarks><code>
///  chunked-body = *( 1*HEXDIG [ chunk-ext ] CRLF chunk-data CRLF ) 1*"0" [ chunk-ext ] CRLF *( field-line CRLF ) CRLF
/// </code>
/// Extensions are skipped. A bare LF, white space in a size and a size beyond the limit are refused. The outcome does
/// not depend on how the bytes were split.</remarks>
internal struct ChunkedDecoder(long bodyMax, int trailerMax)
{
    /// <summary>Bytes of a size with its extensions; extensions carry nothing that a server needs.</summary>
    public const int ChunkLineMax = 1024;

    private State _state;
    private long _remaining;
    private long _total;
    private int _line;
    private int _trailer;

    private enum State
    {
        SizeFirst, Size, SizeSpace, Extension, SizeEnd, Data, DataCr, DataLf, TrailerStart, Trailer, TrailerLf, LastLf,
        Done,
    }

    /// <summary>What <see cref="Next"/> found.</summary>
    public enum Kind
    {
        /// <summary>The bytes are used up.</summary>
        More,

        /// <summary>Content.</summary>
        Data,

        /// <summary>A part of the trailer section, its empty line included.</summary>
        Trailer,

        /// <summary>The end; what follows is not part of the message.</summary>
        Done,

        /// <summary>A refusal, in <see cref="Refusal"/>.</summary>
        Refused,
    }

    /// <summary>Why the content was refused.</summary>
    public HttpStatusCode Refusal { get; private set; }

    /// <summary>Takes bytes off the front of <paramref name="source"/> until it has something to say.</summary>
    public Kind Next(ref ReadOnlySpan<byte> source, out ReadOnlySpan<byte> run)
    {
        run = default;
        while (_state != State.Done)
        {
            if (Refusal != 0)
                return Kind.Refused;
            if (source.IsEmpty)
                return Kind.More;
            if (_state == State.Data)
                return TakeData(ref source, out run);
            if (_state is State.TrailerStart or State.Trailer or State.TrailerLf or State.LastLf)
                return TakeTrailer(ref source, out run);

            Refusal = TakeFraming(source[0]);
            source = source[1..];
        }

        return Kind.Done;
    }

    private Kind TakeData(ref ReadOnlySpan<byte> source, out ReadOnlySpan<byte> run)
    {
        run = source[..(int)Math.Min(source.Length, _remaining)];
        source = source[run.Length..];
        _remaining -= run.Length;
        if (_remaining == 0)
            _state = State.DataCr;
        return Kind.Data;
    }

    private HttpStatusCode TakeFraming(byte value)
    {
        if (_state is State.Size or State.SizeSpace or State.Extension && ++_line > ChunkLineMax)
            return HttpStatusCode.BadRequest;

        switch (_state)
        {
            case State.SizeFirst:
                (_remaining, _line, _state) = (0, 1, State.Size);
                return TakeDigit(value);
            case State.Size or State.SizeSpace or State.Extension when value == '\r':
                // RFC 9112 section 7.1.1: white space is read where an extension follows and nowhere else.
                _state = _state is State.SizeSpace ? State.SizeSpace : State.SizeEnd;
                return _state is State.SizeSpace ? HttpStatusCode.BadRequest : 0;
            case State.Size or State.SizeSpace when value == ';':
                _state = State.Extension;
                return 0;
            case State.Size or State.SizeSpace when value is (byte)' ' or (byte)'\t':
                _state = State.SizeSpace;
                return 0;
            case State.Size:
                return TakeDigit(value);
            case State.Extension:
                return HttpChars.IsFieldValue([value]) ? 0 : HttpStatusCode.BadRequest;
            case State.SizeEnd when value == '\n':
                _state = _remaining == 0 ? State.TrailerStart : State.Data;
                _total += _remaining;
                return _total > bodyMax ? HttpStatusCode.RequestEntityTooLarge : 0;
            case State.DataCr when value == '\r':
                _state = State.DataLf;
                return 0;
            case State.DataLf when value == '\n':
                _state = State.SizeFirst;
                return 0;
            default:
                return HttpStatusCode.BadRequest;
        }
    }

    private HttpStatusCode TakeDigit(byte value)
    {
        if (!char.IsAsciiHexDigit((char)value))
            return HttpStatusCode.BadRequest;
        _remaining =
            (_remaining << 4) | (uint)(char.IsAsciiDigit((char)value) ? value - '0' : (value | 0x20) - 'a' + 10);

        // The sum of sizes stays below twice the limit, so that it cannot overflow.
        return _remaining > bodyMax ? HttpStatusCode.RequestEntityTooLarge : 0;
    }

    private Kind TakeTrailer(ref ReadOnlySpan<byte> source, out ReadOnlySpan<byte> run)
    {
        var count = 0;
        while (count < source.Length && _state != State.Done && Refusal == 0)
            Refusal = TakeTrailerByte(source[count++]);
        run = source[..count];
        source = source[count..];
        return Refusal == 0 ? Kind.Trailer : Kind.Refused;
    }

    private HttpStatusCode TakeTrailerByte(byte value)
    {
        if (++_trailer > trailerMax + 2)
            return HttpStatusCode.RequestHeaderFieldsTooLarge;
        (_state, var isValid) = (_state, value) switch
        {
            (State.TrailerStart, (byte)'\r') => (State.LastLf, true),
            (State.LastLf, (byte)'\n') => (State.Done, true),
            (State.TrailerLf, (byte)'\n') => (State.TrailerStart, true),
            (State.TrailerStart or State.Trailer, not ((byte)'\r' or (byte)'\n')) => (State.Trailer, true),
            (State.Trailer, (byte)'\r') => (State.TrailerLf, true),
            _ => (_state, false),
        };
        return isValid ? 0 : HttpStatusCode.BadRequest;
    }
}
