using System.Buffers;
using System.Net;
using System.Text;

namespace Mirage.Net;

/// <summary>The head of a request, <see href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</see> sections 2 to 6.
/// Used again for each request.</summary>
/// <remarks><code>
///  method SP request-target SP HTTP-version CRLF
///  *( field-name ":" OWS field-value OWS CRLF )
///  CRLF
/// </code>
/// <see cref="Parse"/> is total: it throws on no input and accepts only what every recipient reads in the same
/// way.</remarks>
internal sealed class HttpRequestHead
{
    private (int Start, int Length) _method, _target, _path, _query, _host;

    public HttpFields Fields { get; } = new();

    public HttpVerb Verb { get; private set; }

    public int MinorVersion { get; private set; }

    /// <summary>How the content is framed and what the connection does next.</summary>
    public HttpFraming Framing { get; private set; }

    public ReadOnlySpan<byte> Method => Fields.Slice(_method);

    public ReadOnlySpan<byte> Target => Fields.Slice(_target);

    public ReadOnlySpan<byte> Path => _path.Length > 0 || _target.Length == 0 ? Fields.Slice(_path) : "/"u8;

    public ReadOnlySpan<byte> Query => Fields.Slice(_query);

    public ReadOnlySpan<byte> Host => Fields.Slice(_host);

    /// <summary>Takes a copy of <paramref name="source"/>, a request line with its fields and the empty line, and
    /// reads it.</summary>
    /// <returns>A refusal, or 0.</returns>
    public HttpStatusCode Parse(in ReadOnlySequence<byte> source)
    {
        Clear();
        Fields.Append(source);
        var lineLength = Fields.Bytes.IndexOf("\r\n"u8);
        if (lineLength < 0)
            return HttpStatusCode.BadRequest;

        var refusal = ParseRequestLine(Fields.Bytes[..lineLength]);
        if (refusal is 0)
            refusal = Fields.Parse(lineLength + 2);
        return refusal is 0 ? ReadFraming() : refusal;
    }

    /// <summary>Forgets the request before.</summary>
    public void Clear()
    {
        Fields.Clear();
        _method = _target = _path = _query = _host = default;
        (Verb, MinorVersion, Framing) = (HttpVerb.Other, 1, default);
    }

    private HttpStatusCode ReadFraming()
    {
        var refusal = HttpFraming.Read(Fields, MinorVersion, Verb, out var framing, ref _host);
        Framing = framing;
        if (refusal is 0 && !HttpChars.IsAuthority(Host))
            refusal = HttpStatusCode.BadRequest;

        // RFC 9110 section 9.3.6: a server that opens no tunnels does not implement CONNECT.
        return refusal is 0 && Verb is HttpVerb.Connect ? HttpStatusCode.NotImplemented : refusal;
    }

    private HttpStatusCode ParseRequestLine(ReadOnlySpan<byte> line)
    {
        var methodEnd = line.IndexOf((byte)' ');
        if (methodEnd < 0 || !HttpChars.IsToken(line[..methodEnd]))
            return HttpStatusCode.BadRequest;
        _method = (0, methodEnd);
        Verb = ToVerb(line[..methodEnd]);

        var rest = line[(methodEnd + 1)..];
        var targetEnd = rest.IndexOf((byte)' ');
        if (targetEnd < 0 || !HttpChars.IsTarget(rest[..targetEnd]))
            return HttpStatusCode.BadRequest;
        _target = (methodEnd + 1, targetEnd);

        var refusal = ParseVersion(rest[(targetEnd + 1)..]);
        return refusal is 0 && !TrySplitTarget(rest[..targetEnd], _target.Start) ? HttpStatusCode.BadRequest : refusal;
    }

    // RFC 9112 section 2.3: HTTP-version = "HTTP" "/" DIGIT "." DIGIT, case-sensitive. A higher minor version is
    // spoken to as 1.1.
    private HttpStatusCode ParseVersion(ReadOnlySpan<byte> version)
    {
        if (version.Length != 8 || !version.StartsWith("HTTP/"u8) || version[6] != '.'
            || !char.IsAsciiDigit((char)version[5]) || !char.IsAsciiDigit((char)version[7]))
            return HttpStatusCode.BadRequest;
        if (version[5] != '1')
            return HttpStatusCode.HttpVersionNotSupported;
        MinorVersion = Math.Min(version[7] - '0', 1);
        return 0;
    }

    // RFC 9112 section 3.2: origin-form, absolute-form, authority-form for CONNECT only, asterisk-form for OPTIONS
    // only.
    private bool TrySplitTarget(ReadOnlySpan<byte> target, int start)
    {
        if (Verb is HttpVerb.Connect)
            return true;
        if (target[0] == '*')
        {
            _path = (start, 1);
            return target.Length == 1 && Verb is HttpVerb.Options;
        }

        if (target[0] != '/')
        {
            var scheme = target.Length > 8 && Ascii.EqualsIgnoreCase(target[..8], "https://"u8) ? 8 : 7;
            if (scheme == 7 && (target.Length < 8 || !Ascii.EqualsIgnoreCase(target[..7], "http://"u8)))
                return false;

            var authority = target[scheme..].IndexOfAny((byte)'/', (byte)'?');
            var length = authority < 0 ? target.Length - scheme : authority;
            if (length == 0)
                return false;
            _host = (start + scheme, length);
            start += scheme + length;
            target = target[(scheme + length)..];
        }

        var question = target.IndexOf((byte)'?');
        _path = (start, question < 0 ? target.Length : question);
        if (question >= 0)
            _query = (start + question + 1, target.Length - question - 1);
        return true;
    }

    private static HttpVerb ToVerb(ReadOnlySpan<byte> method) => method switch
    {
        [(byte)'G', (byte)'E', (byte)'T'] => HttpVerb.Get,
        [(byte)'P', (byte)'U', (byte)'T'] => HttpVerb.Put,
        { Length: 4 } when method.SequenceEqual("HEAD"u8) => HttpVerb.Head,
        { Length: 4 } when method.SequenceEqual("POST"u8) => HttpVerb.Post,
        { Length: 5 } when method.SequenceEqual("PATCH"u8) => HttpVerb.Patch,
        { Length: 5 } when method.SequenceEqual("TRACE"u8) => HttpVerb.Trace,
        { Length: 6 } when method.SequenceEqual("DELETE"u8) => HttpVerb.Delete,
        { Length: 7 } when method.SequenceEqual("OPTIONS"u8) => HttpVerb.Options,
        { Length: 7 } when method.SequenceEqual("CONNECT"u8) => HttpVerb.Connect,
        _ => HttpVerb.Other,
    };
}
