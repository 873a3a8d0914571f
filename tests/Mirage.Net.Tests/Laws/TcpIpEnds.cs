using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Two of our stacks at the ends of a link in memory, and what is left of them.</summary>
internal static class TcpIpEnds
{
    /// <summary>Two stacks; <paramref name="put"/> puts something on the link of each.</summary>
    public static StackEnds<TcpIp<TNetwork>> Connect<TNetwork>(
        Host host, Func<VirtualPort, TNetwork> put, VirtualLinkOptions? options = null)
        where TNetwork : struct, INetwork<TNetwork>
    {
        var (left, right) = VirtualPair.Create(host, options);
        var (near, far) = (put(left), put(right));
        var client = TcpIp<TNetwork>.Create(host, near, Cidr.Parse("10.0.0.1/24"));
        var server = TcpIp<TNetwork>.Create(host, far, Cidr.Parse("10.0.0.2/24"));
        return new(client, server, async () =>
        {
            await TNetwork.Disconnect(near);
            await TNetwork.Disconnect(far);
            await VirtualPort.Disconnect(left);
            await VirtualPort.Disconnect(right);
            AssertEmpty(TcpIp<TNetwork>.Engine(client));
            AssertEmpty(TcpIp<TNetwork>.Engine(server));
        });
    }

    private static void AssertEmpty(TcpEngine engine)
    {
        Assert.Equal(0, engine.Count);
        Assert.Equal(0, engine.Pool.Rented);
    }
}
