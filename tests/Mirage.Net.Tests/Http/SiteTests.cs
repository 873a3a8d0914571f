using System.Globalization;

namespace Mirage.Net.Tests;

/// <summary>The static site: paths, types, conditions and ranges, RFC 9110 sections 13 and 14.</summary>
public sealed class SiteTests
{
    private const string Modified = "Sun, 01 Jun 2025 12:00:00 GMT";
    private const string Earlier = "Sun, 01 Jun 2025 11:59:59 GMT";
    private const string Tag = "\"0a30\"";

    [Theory]
    [InlineData("/", 200, "<h1>root</h1>", "text/html; charset=utf-8")]
    [InlineData("/?q", 200, "<h1>root</h1>", "text/html; charset=utf-8")]
    [InlineData("/digits.txt", 200, "0123456789", "text/plain; charset=utf-8")]
    [InlineData("/DIGITS%2etxt", 404, null, null)]
    [InlineData("/digits%2Etxt", 200, "0123456789", "text/plain; charset=utf-8")]
    [InlineData("/a%20b/%C3%A9.svg", 200, "<svg/>", "image/svg+xml")]
    [InlineData("/dir/", 200, "dir", "text/html; charset=utf-8")]
    [InlineData("/dir/unknown", 200, "?", "application/octet-stream")]
    [InlineData("/empty", 200, "", "application/octet-stream")]
    [InlineData("/a%20b/", 404, null, null)]
    [InlineData("/none", 404, null, null)]
    [InlineData("/digits.txt/", 404, null, null)]
    [InlineData("//digits.txt", 404, null, null)]
    [InlineData("/dir//unknown", 404, null, null)]
    [InlineData("/../digits.txt", 404, null, null)]
    [InlineData("/dir/..%2fdigits.txt", 400, null, null)]
    [InlineData("/dir/%2e%2e/digits.txt", 404, null, null)]
    [InlineData("/./digits.txt", 404, null, null)]
    [InlineData("/digits.txt%00", 400, null, null)]
    [InlineData("/%", 400, null, null)]
    [InlineData("/%4", 400, null, null)]
    [InlineData("/%g0", 400, null, null)]
    [InlineData("/%ff", 400, null, null)]
    public void Path_NamesAValue(string path, int status, string? body, string? type)
    {
        var response = Get(path);
        Assert.Equal(status, response.Status);
        if (body is not null)
            Assert.Equal((body, type), (response.Body, response["Content-Type"]));
    }

    [Theory]
    [InlineData("/dir", "/dir/")]
    [InlineData("/dir?a=b", "/dir/?a=b")]
    [InlineData("/a%20b", "/a%20b/")]
    public void DirectoryWithoutSlash_IsRedirected(string path, string location)
    {
        var response = Get(path);
        Assert.Equal((301, location), (response.Status, response["Location"]));
    }

    [Theory]
    [InlineData("POST", 405)]
    [InlineData("DELETE", 405)]
    [InlineData("BREW", 501)]
    [InlineData("OPTIONS", 204)]
    public void OtherMethods_AreToldWhatIsAllowed(string method, int status)
    {
        var response =
            Response.Read(
            HttpWorld.Exchange($"{method} / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", SiteOver(Files())));
        Assert.Equal((status, "GET, HEAD, OPTIONS"), (response.Status, response["Allow"]));
    }

    [Fact]
    public void Head_HasTheFieldsOfGet()
    {
        var text = HttpWorld.Exchange("HEAD /digits.txt HTTP/1.1\r\nHost: h\r\n\r\n", SiteOver(Files()));
        var response = Response.Read(text, isHead: true);
        Assert.Equal(("10", Tag, Modified), (response["Content-Length"], response["ETag"], response["Last-Modified"]));
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("If-None-Match: " + Tag, 304)]
    [InlineData("If-None-Match: W/" + Tag, 304)]
    [InlineData("If-None-Match: *", 304)]
    [InlineData("If-None-Match: \"x,\", " + Tag, 304)]
    [InlineData("If-None-Match: \"x\"\r\nIf-None-Match: " + Tag, 304)]
    [InlineData("If-None-Match: \"x\"", 200)]
    [InlineData("If-None-Match: 0a30", 200)]
    [InlineData("If-None-Match: \"x\"\r\nIf-Modified-Since: " + Modified, 200)]
    [InlineData("If-Modified-Since: " + Modified, 304)]
    [InlineData("If-Modified-Since: Sunday, 01-Jun-25 12:00:00 GMT", 304)]
    [InlineData("If-Modified-Since: " + Earlier, 200)]
    [InlineData("If-Modified-Since: yesterday", 200)]
    [InlineData("If-Modified-Since: " + Modified + "\r\nIf-Modified-Since: " + Modified, 200)]
    [InlineData("If-Match: " + Tag, 200)]
    [InlineData("If-Match: *", 200)]
    [InlineData("If-Match: \"x\"", 412)]
    [InlineData("If-Match: W/" + Tag, 412)]
    [InlineData("If-Match: " + Tag + "\r\nIf-Unmodified-Since: " + Earlier, 200)]
    [InlineData("If-Match: " + Tag + "\r\nIf-None-Match: " + Tag, 304)]
    [InlineData("If-Unmodified-Since: " + Modified, 200)]
    [InlineData("If-Unmodified-Since: " + Earlier, 412)]
    [InlineData("If-Match: \"x\"\r\nRange: bytes=0-1", 412)]
    [InlineData("If-None-Match: " + Tag + "\r\nRange: bytes=0-1", 304)]
    public void Condition_IsEvaluatedInTheOrderOfTheRfc(string fields, int status)
    {
        var response = Get("/digits.txt", fields);
        Assert.Equal(status, response.Status);
        Assert.Equal(Tag, response["ETag"]);
    }

    [Theory]
    [InlineData("Range: bytes=0-1", 206, "01", "bytes 0-1/10")]
    [InlineData("Range: bytes=-2", 206, "89", "bytes 8-9/10")]
    [InlineData("Range: bytes=8-100", 206, "89", "bytes 8-9/10")]
    [InlineData("Range: bytes=10-", 416, null, "bytes */10")]
    [InlineData("Range: bytes=x", 200, "0123456789", null)]
    [InlineData("Range: bytes=0-1\r\nIf-Range: " + Tag, 206, "01", "bytes 0-1/10")]
    [InlineData("Range: bytes=0-1\r\nIf-Range: W/" + Tag, 200, "0123456789", null)]
    [InlineData("Range: bytes=0-1\r\nIf-Range: \"x\"", 200, "0123456789", null)]
    [InlineData("Range: bytes=0-1\r\nIf-Range: " + Modified, 206, "01", "bytes 0-1/10")]
    [InlineData("Range: bytes=0-1\r\nIf-Range: " + Earlier, 200, "0123456789", null)]
    public void Range_IsAnsweredByItsPart(string fields, int status, string? body, string? contentRange)
    {
        var response = Get("/digits.txt", fields);
        Assert.Equal((status, contentRange), (response.Status, response["Content-Range"]));
        if (body is not null)
            Assert.Equal(body, response.Body);
    }

    [Fact]
    public void SeveralRanges_AreAnsweredByAMultipart()
    {
        var response = Get("/digits.txt", "Range: bytes=0-1,5-,-1");
        var boundary = response["Content-Type"]!.Split("boundary=")[1];
        var parts = response.Body.Split($"\r\n--{boundary}");
        Assert.Equal(5, parts.Length);
        Assert.Equal(
            "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 5-9/10\r\n\r\n56789", parts[2]);
        Assert.Equal("--\r\n", parts[4]);
        Assert.Equal(206, response.Status);
    }

    [Fact]
    public void LargeValue_IsReadInBoundedPieces()
    {
        const long Size = 100 * 1024 * 1024;
        var tree = Files();
        tree.Files[KvKey.Parse("/large")] =
            new(Size, static index => (byte)('a' + (index % 23)), DateTimeOffset.UnixEpoch);
        using var world = new HttpWorld(SiteOver(tree));
        var received = 0L;
        world.Run(async () =>
        {
            await world.Send(
                "GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\nRange: bytes=1000000-3999999\r\n\r\n");
            while (true)
            {
                var read = await world.Client.Input.ReadAsync();
                received += read.Buffer.Length;
                world.Client.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
        });
        Assert.InRange(received, 3_000_000, 3_001_000);
        Assert.InRange(tree.LongestRead, 1, 64 * 1024);
    }

    [Fact]
    public void ValueThatShrinksMeanwhile_BreaksTheConnection()
    {
        var tree = Files();
        var key = KvKey.Parse("/large");
        tree.Files[key] = new(200_000, index =>
        {
            if (index == 70_000)
                tree.Files[key] = new(100_000, static _ => 1, DateTimeOffset.UnixEpoch);
            return 1;
        }, DateTimeOffset.UnixEpoch);
        using var world = new HttpWorld(SiteOver(tree));
        world.Run(async () =>
        {
            await world.Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
            await Assert.ThrowsAsync<FlowException>(world.ReceiveAll);
        });
    }

    [Fact]
    public void OwnPageForNotFound_IsUsed()
    {
        var tree = Files();
        tree.Add("/404.html", "gone");
        var response = Response.Read(HttpWorld.Exchange("GET /none HTTP/1.1\r\nHost: h\r\n\r\n", SiteOver(tree)));
        Assert.Equal((404, "gone"), (response.Status, response.Body));
    }

    [Fact]
    public void BrokenStore_IsAnsweredBy500()
    {
        var tree = Files();
        tree.Broken = true;
        Assert.Equal(500, Response.Read(
            HttpWorld.Exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n", SiteOver(tree))).Status);
    }

    [Fact]
    public void Digest_IsComputedOnceForAValueThatDoesNotChange()
    {
        var tree = Files();
        HttpWorld.Exchange(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 5)), SiteOver(tree));
        Assert.Equal(1, tree.Digests);
    }

    private static Response Get(string path, string fields = "") => Response.Read(HttpWorld.Exchange(
        string.Create(
            CultureInfo.InvariantCulture,
            $"GET {path} HTTP/1.1\r\nHost: h\r\n{fields}{(fields.Length > 0 ? "\r\n" : "")}\r\n"),
        SiteOver(Files())));

    private static TestKv.Tree Files()
    {
        var tree = new TestKv.Tree();
        tree.Add("/index.html", "<h1>root</h1>");
        tree.Add("/digits.txt", "0123456789");
        tree.Add("/a b/é.svg", "<svg/>");
        tree.Add("/dir/index.html", "dir");
        tree.Add("/dir/unknown", "?");
        tree.Files[KvKey.Parse("/empty")] = new(0, static _ => 0, DateTimeOffset.UnixEpoch);
        return tree;
    }

    private static Handler SiteOver(TestKv.Tree tree)
    {
        Site<TestKv>? site = null;
        var host = new Testing.SimHost();
        return new Handler((request, response) =>
            (site ??= Site<TestKv>.Over(new TestKv(tree), host)).Handle(request, response));
    }
}
