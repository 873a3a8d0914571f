using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;

namespace Mirage.Net;

/// <summary>The response of a connection, used again for each request.</summary>
internal sealed class ServerResponse(HttpTransport transport, ServerRequestBody requestBody, HttpDateCache date)
    : HttpResponse
{
    /// <summary>Content up to this length is written with the head in one piece.</summary>
    private const int JoinMax = 4096;

    // Status line with the longest reason, length or coding, connection, and the empty line.
    private const int OwnLinesMax = 160;

    private readonly HttpResponseFields _fields = new(transport.Options.ResponseHeadBytesMax);
    private readonly HttpResponseFields _trailers = new(transport.Options.ResponseHeadBytesMax);
    private readonly ServerResponseBody _body = new(transport);
    private HttpStatusCode _status = HttpStatusCode.OK;
    private HttpVerb _verb;
    private int _minorVersion;
    private bool _hasStarted;
    private bool _isOpen;

    public override HttpStatusCode Status
    {
        get => _status;
        set
        {
            ThrowIfStarted();
            ArgumentOutOfRangeException.ThrowIfLessThan((int)value, 200, nameof(value));
            ArgumentOutOfRangeException.ThrowIfGreaterThan((int)value, 599, nameof(value));
            _status = value;
        }
    }

    public override bool HasStarted => _hasStarted;

    /// <summary>Takes up the response to the next request.</summary>
    public void Begin(HttpVerb verb, int minorVersion)
    {
        (_verb, _minorVersion, _hasStarted) = (verb, minorVersion, false);
        Clear();
    }

    public override void Clear()
    {
        ThrowIfStarted();
        _status = HttpStatusCode.OK;
        _fields.Clear();
        _trailers.Clear();
    }

    public override void AddHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ThrowIfStarted();
        _fields.Add(name, value);
    }

    public override void AddTrailer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => _trailers.Add(name, value);

    public override void CloseConnection()
    {
        ThrowIfStarted();
        transport.Machine.HandleLast();
    }

    public override ValueTask Send(ReadOnlySpan<byte> body)
    {
        WriteHead(body.Length, body.Length <= JoinMax ? body : default);
        if (body.Length > JoinMax)
            _body.Write(body);
        return transport.Flush();
    }

    public override PipeWriter Start(long? length = null)
    {
        if (length is { } bytes)
            ArgumentOutOfRangeException.ThrowIfNegative(bytes, nameof(length));
        WriteHead(length, default);
        return _body;
    }

    /// <summary>Refuses with a line of text and closes the connection.</summary>
    public ValueTask SendRefusal(HttpStatusCode status)
    {
        Clear();
        _status = status;
        transport.Machine.HandleLast();
        return SendStatus();
    }

    /// <summary>Sends the status with a line of text that repeats it.</summary>
    public ValueTask SendStatus()
    {
        Span<byte> text = stackalloc byte[64];
        var reason = HttpReason.Of(_status);
        Utf8Formatter.TryFormat((int)_status, text, out var length);
        text[length++] = (byte)' ';
        reason.CopyTo(text[length..]);
        length += reason.Length;
        text[length++] = (byte)'\n';
        AddHeader("Content-Type"u8, "text/plain"u8);
        return Send(text[..length]);
    }

    /// <summary>Ends the response after its handler: one that was not begun is sent without content.</summary>
    /// <param name="isWhole">Whether the content is as long as was promised.</param>
    public ValueTask Finish(out bool isWhole)
    {
        isWhole = true;
        if (!_hasStarted)
            return Send(default);
        isWhole = !_body.IsShort;
        if (!isWhole || !_isOpen)
            return ValueTask.CompletedTask;
        _isOpen = false;
        _body.Finish(_trailers);
        return transport.Flush();
    }

    private void WriteHead(long? length, ReadOnlySpan<byte> joined)
    {
        ThrowIfStarted();
        _hasStarted = true;
        var framing = ToFraming(length);
        transport.Machine.HandleResponse(framing is not ResponseFraming.UntilClose, requestBody.IsDrainable);

        var output = transport.Output;
        var room = output.GetSpan(OwnLinesMax + date.Line.Length + _fields.Lines.Length + joined.Length);
        var writer = new SpanWriter(room);
        writer.Write("HTTP/1.1 "u8);
        writer.Write((long)_status);
        writer.Write(" "u8);
        writer.Write(HttpReason.Of(_status));
        writer.Write("\r\n"u8);
        writer.Write(date.Line);
        writer.Write(_fields.Lines);
        WriteFraming(ref writer, framing, length);
        if (!transport.Machine.IsPersistent)
            writer.Write("Connection: close\r\n"u8);
        else if (_minorVersion == 0)
            writer.Write("Connection: keep-alive\r\n"u8);
        writer.Write("\r\n"u8);
        if (framing is ResponseFraming.Length)
            writer.Write(joined);
        output.Advance(writer.Length);
        _body.Begin(framing, length - (framing is ResponseFraming.Length ? joined.Length : 0));
        _isOpen = true;
    }

    // RFC 9110 section 8.6: 204 has no length; that of 304 may be left out, and a wrong one would be worse.
    private void WriteFraming(ref SpanWriter writer, ResponseFraming framing, long? length)
    {
        if (_status is HttpStatusCode.NoContent or HttpStatusCode.NotModified || framing is ResponseFraming.UntilClose)
            return;
        if (length is { } bytes)
        {
            writer.Write("Content-Length: "u8);
            writer.Write(bytes);
            writer.Write("\r\n"u8);
        }
        else if (_minorVersion > 0)
        {
            writer.Write("Transfer-Encoding: chunked\r\n"u8);
        }
    }

    private ResponseFraming ToFraming(long? length)
    {
        if (_verb is HttpVerb.Head || _status is HttpStatusCode.NoContent or HttpStatusCode.NotModified)
            return ResponseFraming.None;
        if (length is not null)
            return ResponseFraming.Length;
        return _minorVersion > 0 ? ResponseFraming.Chunked : ResponseFraming.UntilClose;
    }

    private void ThrowIfStarted()
    {
        if (_hasStarted)
            throw new InvalidOperationException("The response has begun.");
    }

    private ref struct SpanWriter(Span<byte> room)
    {
        private readonly Span<byte> _room = room;

        public int Length { get; private set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_room[Length..]);
            Length += bytes.Length;
        }

        public void Write(long number)
        {
            var isFormatted = Utf8Formatter.TryFormat(number, _room[Length..], out var count);
            Debug.Assert(isFormatted, "The room is as large as the longest head.");
            Length += count;
        }
    }
}
