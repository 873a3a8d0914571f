namespace Mirage.Interop;

/// <summary>The sample Website on the user-mode network: no TAP, no namespace, and no right of root.</summary>
public sealed class UserLinkTests
{
    private const string Needs = "linux,setpriv,curl";

    [InteropFact(Needs = Needs)]
    public async Task Get_OfItsOwnFiles_GivesTheirBytesAndTypes()
    {
        using var website = await Start(Files);
        Assert.All(
            new[]
            {
                ("/", "index.html", "text/html"), ("/index.html", "index.html", "text/html"),
                ("/css/site.css", "css/site.css", "text/css"), ("/picture.svg", "picture.svg", "image/svg+xml"),
                ("/text/", "text/index.html", "text/html"), ("/text/layers.txt", "text/layers.txt", "text/plain"),
            },
            page =>
            {
                var (path, file, type) = page;
                Sh.Must($"curl -sSf -m 30 {Url(website)}{path} | cmp - {Files}/{file}");
                Assert.StartsWith($"200 {type}", Sh.Must(
                    $"curl -s -m 30 -o /dev/null -w '%{{http_code}} %{{content_type}}' {Url(website)}{path}"),
                    StringComparison.Ordinal);
            });
    }

    [InteropFact(Needs = Needs)]
    public async Task Head_OfAPage_GivesItsLengthAndNoContent()
    {
        using var website = await Start(Files);
        var head = Sh.Must($"curl -sSf -m 30 -I {Url(website)}/picture.svg");
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Contains($"content-length: {new FileInfo($"{Files}/picture.svg").Length}\r\n", head,
            StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("\r\n\r", head, StringComparison.Ordinal);
    }

    [InteropFact(Needs = Needs)]
    public async Task Get_OfWhatIsNot_Gives404()
    {
        using var website = await Start(Files);
        Assert.Equal("404", Sh.Must($"curl -s -m 30 -o /dev/null -w '%{{http_code}}' {Url(website)}/none"));
        Assert.Matches("^40[04]$", Sh.Must(
            $"curl -s -m 30 -o /dev/null -w '%{{http_code}}' --path-as-is {Url(website)}/../../../../etc/passwd"));
    }

    [InteropFact(Needs = Needs)]
    public async Task Get_OfARange_GivesThatPart()
    {
        using var website = await Start(Files);
        var url = $"{Url(website)}/index.html";
        Sh.Must($"curl -sSf -m 30 -r 10-19 {url} | cmp - <(head -c 20 {Files}/index.html | tail -c 10)");
        Sh.Must($"curl -sSf -m 30 -r -5 {url} | cmp - <(tail -c 5 {Files}/index.html)");
        var length = new FileInfo($"{Files}/index.html").Length;
        var head = Sh.Must($"curl -sSf -m 30 -o /dev/null -D - -r 10-19 {url}");
        Assert.StartsWith("HTTP/1.1 206 ", head, StringComparison.Ordinal);
        Assert.Contains($"content-range: bytes 10-19/{length}\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("416", Sh.Must(
            $"curl -s -m 30 -o /dev/null -w '%{{http_code}}' -r {length}- {url}"));
    }

    [InteropFact(Needs = Needs)]
    public async Task Get_OfWhatIsKnown_Gives304()
    {
        using var folder = new TemporaryFolder();
        using var website = await Start(Files);
        var get = $"curl -sS -m 30 -o /dev/null -w '%{{http_code}} %{{size_download}}' {Url(website)}/index.html";
        Assert.StartsWith("200 ", Sh.Must($"{get} --etag-save {folder.Path}/tag"), StringComparison.Ordinal);
        Assert.Equal("304 0", Sh.Must($"{get} --etag-compare {folder.Path}/tag"));
        Assert.StartsWith("200 ", Sh.Must($"{get} -H 'If-None-Match: \"another\"'"), StringComparison.Ordinal);
    }

    [InteropFact(Needs = Needs)]
    public async Task TwoUrls_OfOneCurl_TakeOneConnection()
    {
        using var website = await Start(Files);
        Assert.Equal("1 0 ", Sh.Must("curl -sSf -m 30 -w '%{num_connects} ' " +
            $"-o /dev/null {Url(website)}/ -o /dev/null {Url(website)}/css/site.css"));
    }

    [InteropFact(Needs = Needs + ",wrk")]
    public async Task Wrk_ForASecond_HasNoErrors()
    {
        using var website = await Start(Files);
        var report = Sh.Must($"wrk -t 1 -c 16 -d 1s --timeout 20s {Url(website)}/index.html");
        Assert.Contains("Requests/sec", report, StringComparison.Ordinal);
        Assert.DoesNotMatch(" 0 requests in", report);
        Assert.DoesNotContain("Non-2xx", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Socket errors", report, StringComparison.Ordinal);
    }

    [InteropFact(Needs = Needs)]
    public async Task Get_OfAHundredMegabytes_HasTheRightHash()
    {
        using var folder = new TemporaryFolder();
        var sum = Sh.Must($"head -c 104857600 /dev/urandom | tee {folder.Path}/large | sha256sum");
        using var website = await Start(folder.Path);
        Assert.Equal(sum, Sh.Must($"curl -sSf -m 50 {Url(website)}/large | sha256sum"));
    }

    [InteropFact(Needs = Needs)]
    public async Task Forward_OfAnotherPort_LeadsToTheUnikernel()
    {
        using var other = await Start(Files);
        var free = new Uri(Url(other)).Port;
        other.Terminate();
        Assert.Equal(0, await other.Exit());
        using var website = await Start(Files, $"--forward={free}:80 --port=80");
        Assert.Equal(free, new Uri(Url(website)).Port);
        Sh.Must($"curl -sSf -m 30 {Url(website)}/ | cmp - {Files}/index.html");
    }

    // What the sample is built with.
    private static string Files => Path.Combine(Path.GetDirectoryName(UnikernelProcess.PathOf("Website"))!, "files");

    // Port 0 asks for a free one, so that tests and whatever else runs here do not meet.
    private static async Task<UnikernelProcess> Start(string files, string arguments = "--port=0")
    {
        Sh.Must($"chmod -R a+rX {files}");
        var website = UnikernelProcess.Start(
            "Website", $"--interface=user --files={files} {arguments}", prefix: Nobody);
        await website.WaitFor("http://");
        return website;
    }

    // Whoever may do everything shows that nothing of it is needed.
    private static string Nobody => Environment.IsPrivilegedProcess
        ? "setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all"
        : "";

    private static string Url(UnikernelProcess website) =>
        website.Output.Split('\n').Single(static line => line.StartsWith("http://", StringComparison.Ordinal))
            .TrimEnd('/');
}
