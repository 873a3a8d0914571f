namespace Mirage.Interop;

/// <summary>The sample Website against the kernel's stack, curl and ping.</summary>
public sealed class WebsiteTests
{
    private const string Needs = "root,tun,ip,ping,curl";
    private const string Address = "--interface=tap0 --ipv4=10.0.0.2/24 --port=80";

    [InteropFact(Needs = Needs)]
    public async Task Ping_OnTap_IsAnswered()
    {
        using var folder = new TemporaryFolder();
        using var network = new Namespace();
        using var website = await Start(network, folder);
        Assert.Contains(" 0% packet loss", network.Must("ping -c 3 -i 0.2 -W 2 10.0.0.2"), StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", network.Must("ping -c 3 -i 0.2 -W 2 -s 4000 10.0.0.2"),
            StringComparison.Ordinal);
    }

    [InteropFact(Needs = Needs)]
    public async Task Get_OfFiles_GivesTheirBytesAndTypes()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "index.html"), "<p>Hello</p>");
        File.WriteAllText(Path.Combine(folder.Path, "empty.txt"), "");
        using var network = new Namespace();
        using var website = await Start(network, folder);
        Assert.Equal("<p>Hello</p>", network.Must("curl -sSf http://10.0.0.2/"));
        Assert.Equal("<p>Hello</p>", network.Must("curl -sSf http://10.0.0.2/index.html"));
        Assert.Matches("^200 text/html.* 12$", network.Must(Status("/index.html")));
        Assert.StartsWith("200", network.Must(Status("/empty.txt")), StringComparison.Ordinal);
        Assert.StartsWith("404", network.Must(Status("/none")), StringComparison.Ordinal);
        Assert.Matches("^40[04] ", network.Must(Status("/%2e%2e/%2e%2e/etc/passwd")));
    }

    [InteropFact(Needs = Needs)]
    public async Task Get_OfAHundredMegabytes_HasTheRightHash()
    {
        using var folder = new TemporaryFolder();
        var sum = Sh.Must($"head -c 104857600 /dev/urandom | tee {folder.Path}/large | sha256sum");
        using var network = new Namespace();
        using var website = await Start(network, folder);
        Assert.Equal(sum, network.Must("curl -sSf -m 50 http://10.0.0.2/large | sha256sum"));
    }

    [InteropFact(Needs = Needs)]
    public async Task Get_ByManyAtOnce_GivesEachItsOwn()
    {
        using var folder = new TemporaryFolder();
        for (var file = 0; file < 50; file++)
            File.WriteAllText(Path.Combine(folder.Path, $"{file}.txt"),
                new string((char)('A' + file % 26), 10_000 + file));
        using var network = new Namespace();
        using var website = await Start(network, folder);
        network.Must("for i in $(seq 0 49); do curl -sSf -m 30 -o /dev/stdout http://10.0.0.2/$i.txt | md5sum > " +
            $"{folder.Path}/$i.sum & done; wait");
        Assert.All(Enumerable.Range(0, 50), file => Assert.Equal(
            Sh.Must($"md5sum < {folder.Path}/{file}.txt"),
                File.ReadAllText($"{folder.Path}/{file}.sum").TrimEnd('\n')));
    }

    [InteropFact(Needs = Needs)]
    public async Task Sigterm_WhileServing_EndsInOrder()
    {
        using var folder = new TemporaryFolder();
        using var network = new Namespace();
        using var website = await Start(network, folder);
        website.Terminate();
        Assert.Equal(0, await website.Exit());
    }

    [InteropFact(Needs = Needs + ",setpriv")]
    public async Task Tap_WithoutTheRight_EndsWith69AndARemedy()
    {
        using var folder = new TemporaryFolder();
        using var network = new Namespace();
        _ = new Tap(network, owner: 0);
        Sh.Must($"chmod 755 {folder.Path}");
        using var website = UnikernelProcess.Start("Website", $"{Address} --files={folder.Path}", network,
            prefix: "setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all");
        Assert.Equal(69, await website.Exit());
        Assert.Contains("tap0", website.Output, StringComparison.Ordinal);
        Assert.Contains("permi", website.Output, StringComparison.OrdinalIgnoreCase);
    }

    [InteropFact(Needs = "linux")]
    public async Task UnknownKey_OnTheCommandLine_EndsWith64AndNamesIt()
    {
        using var website = UnikernelProcess.Start("Website", "--no-such-key=1");
        Assert.Equal(64, await website.Exit());
        Assert.Contains("no-such-key", website.Output, StringComparison.Ordinal);
    }

    [InteropFact(Needs = "linux")]
    public async Task Help_OfWebsite_NamesItsKeys()
    {
        using var website = UnikernelProcess.Start("Website", "--help");
        Assert.Equal(0, await website.Exit());
        Assert.All(["--interface", "--ipv4", "--port"],
            key => Assert.Contains(key, website.Output, StringComparison.Ordinal));
    }

    private static async Task<UnikernelProcess> Start(Namespace network, TemporaryFolder folder)
    {
        _ = new Tap(network);
        var website = UnikernelProcess.Start("Website", $"{Address} --files={folder.Path}", network);
        await website.WaitFor("http://");
        return website;
    }

    private static string Status(string path) => "curl -s -m 10 -o /dev/null --path-as-is " +
        $"-w '%{{http_code}} %{{content_type}} %{{size_download}}' http://10.0.0.2{path}";
}
