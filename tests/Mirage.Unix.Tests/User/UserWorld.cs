using System.Net;
using System.Net.Sockets;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>A unikernel's stack behind a user-mode network, and clients on the machine, all on one loop.</summary>
internal sealed record UserWorld(UnixHost Host, UserLink Link, TcpIp<Netif> Guest, SocketStack Outside)
{
    private static readonly Cidr s_address = Cidr.Parse("10.0.0.2/24");

    public static void Run(Func<UserWorld, ValueTask> test, params PortForward[] forwards)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var network = SocketPair.Right(UserNetwork.Around(s_address));
            var link = new UserLink(host, new MacAddress(0x020000000002), network, forwards);
            var guest = TcpIp<Netif>.Create(host, Netif.Over(link), s_address);
            var world = new UserWorld(host, link, guest, SocketStack.On(host, IpAddress.LoopbackV4));
            await test(world);
            await SocketStack.Disconnect(world.Outside);
            await TcpIp<Netif>.Disconnect(guest);
            await link.Close();
            Leaks.AssertNone(host);
        });
    }

    /// <summary>A port of the unikernel that is free on the machine as well.</summary>
    public static ushort FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Listens in the unikernel and connects from outside.</summary>
    public async ValueTask<(IListener Listener, IFlow Client, IFlow Server)> Connect()
    {
        var listener = SocketPair.Right(TcpIp<Netif>.Listen(Guest, FreePort()));
        var client = SocketPair.Right(await SocketStack.Connect(Outside, listener.Reachable));
        var server = SocketPair.Right(await listener.Accept());
        return (listener, client, server);
    }
}
