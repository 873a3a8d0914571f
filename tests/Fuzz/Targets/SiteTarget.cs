using System.Globalization;
using System.Text;
using Mirage.Net;
using Mirage.Net.Tests;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Requests to a static site with any path, conditions and ranges: an answer that a client understands, and
/// never 500.</summary>
internal sealed class SiteTarget() : FuzzTarget("http-site")
{
    private static readonly string[] s_fields = ["Range: bytes=0-4", "Range: bytes=-3,0-1", "Range: bytes=99-",
        "If-None-Match: \"0561\"", "If-None-Match: *", "If-Match: W/\"0561\"", "If-Range: \"0561\"",
        "If-Modified-Since: Sun, 01 Jun 2025 12:00:00 GMT", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
        "If-Range: Sun, 01 Jun 2025 12:00:00 GMT", "If-Modified-Since: soon"];

    private static readonly string[] s_paths = ["/", "/a.txt", "/dir", "/dir/", "/%61.txt?q", "/none", "/../x", "//"];

    public override int ShortRun => 200;

    public override IReadOnlyList<string> Reaches => ["200", "206", "301", "304", "400", "404", "412", "416"];

    public override long AllocationMax(int length) => (16 << 20) + (16_384L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var text = new StringBuilder();
        for (var count = 1 + random.Next(3); count > 0; count--)
        {
            text.Append(random.Next(4) == 0 ? "HEAD " : "GET ").Append(HttpTexts.Any(s_paths, random));
            text.Append(" HTTP/1.1\r\nHost: a\r\n");
            for (var fields = random.Next(4); fields > 0; fields--)
                text.Append(HttpTexts.Any(s_fields, random)).Append("\r\n");
            text.Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var tree = new TestKv.Tree();
        tree.Add("/index.html", "hello");
        tree.Add("/a.txt", "abcde");
        tree.Add("/dir/index.html", "dir");
        var received = Exchange(Encoding.Latin1.GetString(input), tree);
        for (var at = 0; (at = received.IndexOf("HTTP/1.1 ", at, StringComparison.Ordinal)) >= 0; at += 9)
        {
            var digits = received.AsSpan(at + 9, 3);
            Oracle.That(int.TryParse(digits, NumberStyles.None, null, out var status), "A status is a number.");
            Reach(digits.ToString());
            var isAnswer = status is 100 or 200 or 206 or 301 or 304 or (>= 400 and < 500) or 501 or 505;
            Oracle.That(isAnswer, $"{status} is no answer.");
        }
    }

    private static string Exchange(string text, TestKv.Tree tree)
    {
        using var host = new SimHost(); // Whose time the site goes by; it has no timers.
        var site = Site<TestKv>.Over(new TestKv(tree), host);
        return HttpWorld.Exchange(text, new Handler(site.Handle));
    }
}
