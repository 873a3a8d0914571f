using System.Text;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Requests, as clients and attackers write them.</summary>
internal static class HttpTexts
{
    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "DELETE", "X-Y"];
    private static readonly string[] s_targets = ["/", "/a/b?c=d", "*", "http://host/x?y", "https://h:443/", "host:80",
        "/%2e%2e/%41", "//a", "/a%00b", "/?", "http://", "/index.html", "/" + new string('p', 600)];
    private static readonly string[] s_fields = ["Host: a", "Host: b:80", "Host:", "Content-Length: 5",
        "Content-Length: 5", "Content-Length: 99999999999999999999", "Content-Length: +5", "Content-Length: 5, 5",
        "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: identity", "Connection: close", "Connection: keep-alive, Upgrade", "Expect: 100-continue",
        "Expect: 200-ok", "Range: bytes=0-4,-2", "If-None-Match: W/\"a\", \"b\"", "If-Modified-Since: Sun, 06 Nov 1994"
        + " 08:49:37 GMT", "X: \ty ", "X : y", " folded", "X", ": y", "A: \x80\xFF", "Accept: */*", "Content-Length: "];

    /// <summary>A request line and fields, with the empty line.</summary>
    public static string Head(SplitMix64 random, bool isPlain = false)
    {
        var text = new StringBuilder();
        if (!isPlain && random.Next(8) == 0)
            text.Append("\r\n");
        text.Append(Any(s_methods, random)).Append(' ').Append(Any(s_targets, random));
        text.Append(random.Next(6) == 0 ? " HTTP/1.0" : " HTTP/1.1").Append("\r\n");
        if (random.Next(6) != 0)
            text.Append("Host: example\r\n");
        for (var count = random.Next(5); count > 0; count--)
            text.Append(Any(s_fields, random)).Append(random.Next(40) == 0 ? "\n" : "\r\n");
        return text.Append("\r\n").ToString();
    }

    /// <summary>A head with some content behind it.</summary>
    public static string Request(SplitMix64 random) => Head(random) + random.Next(4) switch
    {
        0 => "hello",
        1 => Chunked(random),
        _ => "",
    };

    /// <summary>Chunked content, the trailer section included.</summary>
    public static string Chunked(SplitMix64 random)
    {
        var text = new StringBuilder();
        for (var count = random.Next(5); count > 0; count--)
        {
            var size = 1 + random.Next(40);
            var digits = random.Next(2) == 0 ? $"{size:x}" : $"{size:X4}";
            text.Append(digits).Append(random.Next(5) switch { 0 => ";a=b", 1 => " ;\"q\"", _ => "" });
            text.Append("\r\n").Append('d', size).Append("\r\n");
        }

        text.Append(random.Next(8) == 0 ? "000" : "0").Append("\r\n");
        for (var count = random.Next(3); count > 0; count--)
            text.Append(Any(s_fields, random)).Append("\r\n");
        return text.Append("\r\n").ToString();
    }

    public static string Any(string[] texts, SplitMix64 random) => texts[random.Next(texts.Length)];
}
