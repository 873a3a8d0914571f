using Mirage.Net;
using static Mirage.Unix.Tests.SocketPair;
using UdpSocket = Mirage.Net.UdpSocket<Mirage.Unix.SocketStack>;

namespace Mirage.Unix.Tests;

/// <summary>Multicast groups of the kernel's sockets.</summary>
public sealed class SocketGroupTests
{
    private static readonly IpAddress s_group = IpAddress.Parse("239.1.2.3");

    [Fact]
    [Trait("Behaviour", "83")]
    public void GroupOnAPortOfEveryAddress_IsAskedOfTheKernel() => Run(IpAddress.AnyV4, (host, stack) =>
    {
        using var socket = Right(UdpSocket.Open(host, stack, 0));
        // A machine without a route to groups has no interface for it, and says so.
        var joined = socket.Join(s_group);
        if (joined.IsLeft)
            Assert.StartsWith("239.1.2.3 cannot be joined", Left(joined).ToString(), StringComparison.Ordinal);
        else
            Assert.True(socket.Join(s_group).IsRight); // Twice is once.
        socket.Leave(s_group);
        socket.Leave(s_group);
    });

    [Fact]
    [Trait("Behaviour", "83")]
    public void GroupThatCannotBeJoined_IsRefusedWithTheReason() => Run(IpAddress.LoopbackV4, (host, stack) =>
    {
        var options = new UdpSocketOptions { Bind = new() { LocalAddress = IpAddress.LoopbackV4 } };
        using var bound = Right(UdpSocket.Open(host, stack, 0, options));
        Assert.Equal("a port that is bound to 127.0.0.1 gets nothing of a group; open it on 0.0.0.0",
            Left(bound.Join(s_group)).ToString());
        using var wildcard = Right(UdpSocket.Open(host, stack, 0));
        Assert.Equal("10.0.0.1 is no multicast group", Left(wildcard.Join(IpAddress.Parse("10.0.0.1"))).ToString());
        Assert.Equal("groups of IPv6 cannot be joined", Left(wildcard.Join(IpAddress.Parse("ff02::1"))).ToString());
        wildcard.Dispose();
        Assert.Equal(new UdpError.Closed(), Left(wildcard.Join(s_group)));
    });

    private static void Run(IpAddress address, Action<UnixHost, SocketStack> test)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var stack = SocketStack.On(host, address);
            test(host, stack);
            await SocketStack.Disconnect(stack);
        });
    }
}
