namespace Mirage.Interop;

/// <summary>The sample Tun2Socks between two namespaces: one that has no way out but the TAP, and one whose loopback
/// has
/// the servers.</summary>
public sealed class Tun2SocksTests : IDisposable
{
    private const string Needs = "root,tun,ip,socat,curl";
    private const string Server = "192.0.2.1";

    private readonly Namespace _outside = new();
    private readonly Namespace _inside = new();
    private readonly TemporaryFolder _folder = new();
    private UnikernelProcess? _proxy;

    public void Dispose()
    {
        _proxy?.Dispose();
        _inside.Dispose();
        _outside.Dispose();
        _folder.Dispose();
    }

    [InteropFact(Needs = Needs)]
    public async Task Http_Curl_GetsTheRightBody()
    {
        await Start();
        var sum = Sh.Must($"head -c 3000000 /dev/urandom | tee {_folder.Path}/body | sha256sum");
        File.WriteAllText(Path.Combine(_folder.Path, "serve"), $"""
            while read -r line && [ "$line" != $'\r' ]; do :; done
            printf 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n'
            cat {_folder.Path}/body
            """);
        using var server = Serve($"socat TCP-LISTEN:80,bind={Server},reuseaddr,fork EXEC:'bash {_folder.Path}/serve'");
        Assert.Equal(sum, _inside.Must(
            $"curl -sSf -m 30 --retry 20 --retry-all-errors --retry-delay 1 http://{Server}/ | sha256sum"));
    }

    [InteropFact(Needs = Needs)]
    public async Task Tcp_AnEndOfStream_StaysAHalfClose_AndAClosedPortARefusal()
    {
        await Start();
        using var server = Serve($"socat TCP-LISTEN:7,bind={Server},reuseaddr,fork SYSTEM:'sha256sum'");
        _outside.Must("until ss -Hltn | grep -q :7; do sleep 0.1; done");
        // The sum comes after the end of what is summed.
        var sum = Sh.Must($"head -c 2000000 /dev/urandom | tee {_folder.Path}/sent | sha256sum");
        Assert.Equal(sum, _inside.Must($"socat -t 30 - TCP:{Server}:7 <{_folder.Path}/sent"));
        Assert.Contains("refused", _inside.Run($"socat - TCP:{Server}:8 </dev/null").Error, StringComparison.Ordinal);
        _proxy!.Terminate();
        Assert.Equal(0, await _proxy.Exit());
    }

    [InteropFact(Needs = Needs)]
    public async Task Udp_ADatagram_IsAnsweredFromWhereItWent()
    {
        await Start();
        using var server = Serve($"socat -T 5 UDP-LISTEN:7,bind={Server},fork PIPE");
        _outside.Must("until ss -Hlun | grep -q :7; do sleep 0.1; done");
        Assert.Equal("ping", _inside.Must($"printf ping | socat -t 3 - UDP:{Server}:7"));
    }

    [InteropFact(Needs = Needs + ",iperf3")]
    public async Task Iperf3_ASecondEachWay_RunsWithoutError()
    {
        await Start();
        using var server = Serve($"iperf3 -s -B {Server}");
        _outside.Must("until ss -Hltn | grep -q :5201; do sleep 0.1; done");
        _inside.Must($"iperf3 -c {Server} -t 1 --connect-timeout 10000");
        _inside.Must($"iperf3 -c {Server} -t 1 -R --connect-timeout 10000");
    }

    // The TAP is opened outside and then moved: its other end stays with the process.
    private async Task Start()
    {
        _outside.Must($"ip addr add {Server}/32 dev lo && ip tuntap add dev tap0 mode tap");
        _proxy = UnikernelProcess.Start("Tun2Socks", "--interface=tap0 --ipv4=10.0.0.2/24", _outside);
        await _proxy.WaitFor("forwarding");
        _outside.Must($"ip link set tap0 netns {_inside.Name}");
        _inside.Must("ip addr add 10.0.0.1/24 dev tap0 && ip link set tap0 up && ip route add default via 10.0.0.2");
    }

    private System.Diagnostics.Process Serve(string line) => Sh.Start(_outside.Inside(line));
}
