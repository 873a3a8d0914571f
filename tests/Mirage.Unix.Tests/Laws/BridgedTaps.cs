namespace Mirage.Unix.Tests;

/// <summary>Two TAPs that a bridge joins, in a network namespace of the calling thread's own.</summary>
internal static class BridgedTaps
{
    private const int CloneNewNetwork = 0x40000000;

    /// <summary>A host whose thread sees no interface of the machine.</summary>
    public static UnixHost CreateHost()
    {
        Assert.Equal(0, TestLibc.Unshare(CloneNewNetwork));
        return new();
    }

    public static (Netif Near, Netif Far) Open(Host host)
    {
        var (near, far) = (Tap(host, "tap0", 1), Tap(host, "tap1", 2));
        PrivateNetwork.Ip("link add br0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0");
        PrivateNetwork.Ip("link set tap0 master br0");
        PrivateNetwork.Ip("link set tap1 master br0");
        PrivateNetwork.Ip("link set br0 up");
        return (near, far);
    }

    public static void Close() => PrivateNetwork.Ip("link del br0");

    private static Netif Tap(Host host, string name, ulong mac) => Netif.Over(SocketPair.Right(
        LinkOpener.Open(host, new LinkSettings(name, new MacAddress(0x020000000000 | mac), default, []))));
}
