namespace Mirage.Interop;

/// <summary>Multicast groups with the kernel: a bridge that asks who is in them and forwards to nobody else, and
/// programs that send to them.</summary>
public sealed class MulticastTests
{
    private const string Needs = "root,tun,ip,bridge,socat";
    private const string Group = "239.1.2.3";

    [InteropFact(Needs = Needs)]
    [Trait("Behaviour", "83")]
    [Trait("Behaviour", "72")]
    public void EchoInAGroup_BridgeOfVersion3LearnsOfIt_DatagramComesBack() => Check(version: 3);

    [InteropFact(Needs = Needs)]
    [Trait("Behaviour", "83")]
    [Trait("Behaviour", "72")]
    public void EchoInAGroup_BridgeOfVersion2LearnsOfIt_DatagramComesBack() => Check(version: 2);

    private static void Check(int version)
    {
        using var network = new Namespace();
        network.Must("ip tuntap add dev tap0 mode tap && ip link set tap0 up");
        network.Must($"ip link add br0 type bridge mcast_snooping 1 mcast_querier 1 mcast_igmp_version {version}");
        network.Must("ip link set tap0 master br0 && ip addr add 10.0.0.1/24 dev br0 && ip link set br0 up");
        network.Must("ip route add 224.0.0.0/4 dev br0");
        using var services = UnikernelProcess.Start(
            "NetServices", $"--interface=tap0 --ipv4=10.0.0.2/24 --group={Group}", network);
        var isKnown = network.Run($"for try in $(seq 150); do " +
            $"bridge mdb show | grep -q 'port tap0 grp {Group}' && exit; sleep 0.2; done; exit 1");
        Assert.True(isKnown.ExitCode == 0, $"The bridge has heard of no group; it wrote:\n{services.Output}");
        Assert.Equal("ping", network.Must(
            $"printf ping | socat -t 5 - UDP-DATAGRAM:{Group}:7,bind=10.0.0.1,ip-multicast-ttl=1"));
    }
}
