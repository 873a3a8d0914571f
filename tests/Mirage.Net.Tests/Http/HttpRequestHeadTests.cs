using System.Buffers;
using System.Net;
using System.Text;
using FsCheck.Xunit;

namespace Mirage.Net.Tests;

/// <summary>The wire format of requests: RFC 9112 sections 2 to 6.</summary>
public sealed class HttpRequestHeadTests
{
    private static readonly string[] s_pieces =
    [
        "GET", " ", "/", "/a?b", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "\r\n", "\n", "\r", "Host", ":", "x",
        "Content-Length", "5", "-",
        "Transfer-Encoding", "chunked", ",", "\0", "\t", "é", "Connection: close\r\n", "Host: h\r\n",
        "POST / HTTP/1.1\r\n", "\r\n\r\n", "*",
    ];

    public static TheoryData<string, int> Refused => new()
    {
        { "\u0016\u0003\u0001 TLS", 400 },
        { " GET / HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET /  HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400 },
        { "GET /\r\nHost: h\r\n\r\n", 400 },
        { "GET\r\nHost: h\r\n\r\n", 400 },
        { "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET /\té HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET /#x HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET a HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET http:// HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET / http/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET / HTTP/1.12\r\nHost: h\r\n\r\n", 400 },
        { "GET / HTTP/1\r\nHost: h\r\n\r\n", 400 },
        { "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505 },
        { "PRI * HTTP/2.0\r\n\r\n", 505 },
        { "GET / HTTP/0.9\r\nHost: h\r\n\r\n", 505 },
        { "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 501 },
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\nHost: h\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: h\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: h\r\n\n", 400 },
        { "GET / HTTP/1.1\r\nHost: h\rx\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n A: b\r\nHost: h\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: h\r\nA\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: h\r\nA@: b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: h\r\nA: b\0c\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: h\r\nA: b\u007f\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1 1\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
        { "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501 },
        { "POST / HTTP/1.0\r\n\r\n", 411 },
        { "PUT / HTTP/1.0\r\n\r\n", 411 },
        { "GET / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n", 417 },
        { "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void MalformedHead_IsRefused(string head, int status)
    {
        Assert.Equal((HttpStatusCode)status, Parse(head, out _));
        for (var piece = 1; piece < 8; piece++)
            Assert.Equal((HttpStatusCode)status, ParseInPieces(head, piece));
    }

    [Theory]
    [InlineData("GET /a/b?c=d&e HTTP/1.1\r\nHost: h:80\r\n\r\n", "/a/b", "c=d&e", "h:80")]
    [InlineData("GET / HTTP/1.1\r\nhOST:h\r\n\r\n", "/", "", "h")]
    [InlineData("GET / HTTP/1.1\r\nHost: \t h \t \r\n\r\n", "/", "", "h")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n\r\n", "/", "", "")]
    [InlineData("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "/", "", "[::1]:80")]
    [InlineData("GET http://other:81/x?y HTTP/1.1\r\nHost: h\r\n\r\n", "/x", "y", "other:81")]
    [InlineData("GET HTTPS://other HTTP/1.1\r\nHost: h\r\n\r\n", "/", "", "other")]
    [InlineData("GET http://other?y HTTP/1.1\r\nHost: h\r\n\r\n", "/", "y", "other")]
    [InlineData("GET http://other/x HTTP/1.0\r\n\r\n", "/x", "", "other")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "/", "", "")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "*", "", "h")]
    [InlineData("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", "/", "", "h")]
    [InlineData("GET /? HTTP/1.9\r\nHost: h\r\n\r\n", "/", "", "h")]
    public void WellFormedHead_IsSplit(string text, string path, string query, string host)
    {
        Assert.Equal(0, (int)Parse(text, out var head));
        Assert.Equal((path, query, host),
            (Encoding.ASCII.GetString(head.Path), Encoding.ASCII.GetString(head.Query),
                Encoding.ASCII.GetString(head.Host)));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 0L, true, false)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", 0L, false, false)]
    [InlineData("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", 0L, true, false)]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, ,Close\r\n\r\n", 0L, false, false)]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", 0L, false, false)]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 007\r\nExpect: 100-Continue\r\n\r\n", 7L, true, true)]
    [InlineData("POST / HTTP/1.0\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n", 7L, false, false)]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: , Chunked\r\n\r\n", null, true, false)]
    [InlineData(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\n", long.MaxValue, true, false)]
    public void Framing_IsRead(string text, long? length, bool isPersistent, bool expectsContinue)
    {
        Assert.Equal(0, (int)Parse(text, out var head));
        Assert.Equal(new HttpFraming(length, isPersistent, expectsContinue), head.Framing);
    }

    [Fact]
    public void HeadsAtTheLimits_AreTaken_AndOnePastThemRefused()
    {
        var options = new HttpOptions { RequestLineMax = 20, HeadBytesMax = 60, HeaderCountMax = 2 };
        Assert.Equal(0, (int)Parse("GET /123456 HTTP/1.1\r\nHost: h\r\n\r\n", out _, options));
        Assert.Equal(414, (int)Parse("GET /1234567 HTTP/1.1\r\nHost: h\r\n\r\n", out _, options));
        Assert.Equal(414, (int)Parse(new string('G', 23), out _, options));
        Assert.Equal(0, (int)Parse("GET / HTTP/1.1\r\nHost: h\r\nA:\r\n\r\n", out _, options));
        Assert.Equal(431, (int)Parse("GET / HTTP/1.1\r\nHost: h\r\nA:\r\nB:\r\n\r\n", out _, options));
        var head = $"GET / HTTP/1.1\r\nHost: h\r\nA: {new string('b', 60 - 16 - 9 - 3)}\r\n\r\n";
        Assert.Equal(64, head.Length);
        Assert.Equal(0, (int)Parse(head, out _, options));
        Assert.Equal(431, (int)Parse(head.Replace("A: ", "A: b", StringComparison.Ordinal), out _, options));
    }

    /// <summary>No bytes throw, and however they are split into reads, the outcome is that of one read.</summary>
    [Property(MaxTest = 1000)]
    public void AnyBytes_InAnyPieces_HaveOneOutcome(byte[] choices, byte piece, bool complete)
    {
        var text = string.Concat(choices.Select(choice => s_pieces[choice % s_pieces.Length]));
        if (complete)
            text = "GET / HTTP/1.1\r\nHost: h\r\n" + text + "\r\n\r\n";
        var options = new HttpOptions { RequestLineMax = 40, HeadBytesMax = 120, HeaderCountMax = 3 };
        var whole = Parse(text, out var head, options);
        Assert.Equal(whole, ParseInPieces(text, (piece % 7) + 1, options));
        if (whole is 0 && head.Fields.Length > 0)
            Assert.True(HttpChars.IsToken(head.Method) && HttpChars.IsAuthority(head.Host));
    }

    [Property(MaxTest = 1000)]
    public void AnyBytes_ParsedAsAHead_DoNotThrow(byte[] bytes) =>
        new HttpRequestHead().Parse(new ReadOnlySequence<byte>(bytes));

    private static HttpStatusCode Parse(string text, out HttpRequestHead head, HttpOptions? options = null)
    {
        head = new HttpRequestHead();
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text));
        var scanner = default(HttpHeadScanner);
        return Finish(ref scanner, scanner.Scan(buffer, options ?? HttpOptions.Default), buffer, head);
    }

    private static HttpStatusCode ParseInPieces(string text, int piece, HttpOptions? options = null)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var scanner = default(HttpHeadScanner);
        for (var count = piece; ; count += piece)
        {
            var buffer = Segments.Of(bytes.AsSpan(0, Math.Min(count, bytes.Length)), piece);
            var refusal =
                Finish(ref scanner, scanner.Scan(buffer, options ?? HttpOptions.Default), buffer,
                new HttpRequestHead());
            if (refusal is not 0 || scanner.End > 0 || count >= bytes.Length)
                return refusal;
        }
    }

    private static HttpStatusCode Finish(
        ref HttpHeadScanner scanner, HttpStatusCode refusal, ReadOnlySequence<byte> buffer, HttpRequestHead head) =>
        refusal is 0 && scanner.End > 0 ? head.Parse(buffer.Slice(scanner.Start, scanner.End - scanner.Start))
            : refusal;
}
