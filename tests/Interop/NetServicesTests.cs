using System.Security.Cryptography;

namespace Mirage.Interop;

/// <summary>The sample NetServices on a TAP, against clients on the kernel's stack.</summary>
public sealed class NetServicesTests
{
    private const string Needs = "root,tun,ip,socat,curl";
    private const int Hundred = 100 * 1024 * 1024;

    [InteropFact(Needs = Needs)]
    public void Http_Get_GivesTheLineExactly()
    {
        using var network = new Namespace();
        using var services = Start(network);
        Assert.Equal(new(0, "Hello, World!", ""), network.Run("curl -sSf -m 30 http://10.0.0.2/"));
    }

    [InteropFact(Needs = Needs)]
    public void TcpEcho_Line_ComesBackAndTheStreamEnds()
    {
        using var network = new Namespace();
        using var services = Start(network);
        Assert.Equal(new(0, "hello\n", ""), network.Run("echo hello | socat -t 30 - TCP:10.0.0.2:7"));
        Assert.Equal(new(0, "", ""), network.Run("socat -t 30 - TCP:10.0.0.2:7 </dev/null"));
    }

    [InteropFact(Needs = Needs)]
    public void TcpEcho_AHundredMegabytes_ComeBackWhole()
    {
        using var folder = new TemporaryFolder();
        var sum = Sh.Must($"head -c {Hundred} /dev/urandom | tee {folder.Path}/sent | sha256sum");
        using var network = new Namespace();
        using var services = Start(network);
        Assert.Equal(sum, network.Must($"socat -t 30 - TCP:10.0.0.2:7 <{folder.Path}/sent | sha256sum"));
    }

    [InteropFact(Needs = Needs)]
    public void TcpDiscard_AHundredMegabytes_AreTakenAndNothingIsAnswered()
    {
        using var network = new Namespace();
        using var services = Start(network);
        Assert.Equal(new(0, "", ""),
            network.Run($"set -o pipefail; head -c {Hundred} /dev/zero | socat -t 30 - TCP:10.0.0.2:9"));
    }

    [InteropFact(Needs = Needs)]
    public void TcpChargen_AHundredMegabytes_AreThePattern()
    {
        using var network = new Namespace();
        using var services = Start(network);
        // The client closes when it has enough: socat is told so by a broken pipe.
        Assert.Equal(ChargenHash(Hundred),
            network.Must($"socat -u TCP:10.0.0.2:19 - 2>/dev/null | head -c {Hundred} | sha256sum | cut -d ' ' -f 1"));
        Assert.Equal("ok", network.Must("echo ok | socat -t 30 - TCP:10.0.0.2:7")); // The others are served on.
    }

    [InteropFact(Needs = Needs)]
    public void UdpEcho_Datagrams_ComeBackWhole()
    {
        using var folder = new TemporaryFolder();
        var sum = Sh.Must($"head -c 4000 /dev/urandom | tee {folder.Path}/sent | sha256sum");
        using var network = new Namespace();
        using var services = Start(network);
        Assert.Equal("ping", network.Must("printf ping | socat -t 2 - UDP:10.0.0.2:7"));
        // Longer than the MTU: fragments both ways.
        Assert.Equal(sum, network.Must($"socat -t 2 -b 65507 - UDP:10.0.0.2:7 <{folder.Path}/sent | sha256sum"));
    }

    [InteropFact(Needs = Needs)]
    public void UdpChargen_ADatagram_DrawsOneLine()
    {
        using var network = new Namespace();
        using var services = Start(network);
        var line = network.Must("printf xy | socat -t 2 - UDP:10.0.0.2:19");
        Assert.Equal(ChargenLine(2).TrimEnd('\n'), line);
    }

    [InteropFact(Needs = Needs)]
    public void UdpDiscard_ADatagram_IsTakenInSilence()
    {
        using var network = new Namespace();
        using var services = Start(network);
        Assert.Equal(new(0, "", ""), network.Run("printf x | socat -t 1 - UDP:10.0.0.2:9"));
        // Where nobody listens, the kernel hears of it, and socat says so.
        Assert.Contains("refused", network.Run("printf x | socat -t 1 - UDP:10.0.0.2:8").Error,
            StringComparison.Ordinal);
    }

    [InteropFact(Needs = Needs)]
    public async Task Sigterm_WhileServing_EndsInOrder()
    {
        using var network = new Namespace();
        using var services = Start(network);
        using var client = Sh.Start(network.Inside("socat -u TCP:10.0.0.2:19 - >/dev/null 2>&1"));
        network.Must("echo ok | socat -t 30 - TCP:10.0.0.2:7");
        services.Terminate();
        Assert.Equal(0, await services.Exit());
    }

    private static UnikernelProcess Start(Namespace network)
    {
        _ = new Tap(network);
        var services = UnikernelProcess.Start("NetServices", "--interface=tap0 --ipv4=10.0.0.2/24", network);
        // It says nothing: HTTP is the last port that it opens.
        var ready = network.Run(
            "curl -s -o /dev/null --retry 40 --retry-all-errors --retry-delay 1 --retry-max-time 50 http://10.0.0.2/");
        Assert.True(ready.ExitCode == 0, $"NetServices does not answer; it wrote:\n{services.Output}");
        return services;
    }

    // RFC 864: 72 of the 95 printing characters, each line beginning one further, with CR LF.
    private static string ChargenLine(int number) =>
        string.Concat(Enumerable.Range(number, 72).Select(static at => (char)(' ' + (at % 95)))) + "\r\n";

    private static string ChargenHash(int count)
    {
        var lines = string.Concat(Enumerable.Range(0, 95).Select(ChargenLine)).Select(static letter => (byte)letter)
            .ToArray();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var left = count; left > 0; left -= lines.Length)
            hash.AppendData(lines, 0, Math.Min(left, lines.Length));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
