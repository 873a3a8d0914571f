using Mirage.Net;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

/// <summary>The direct stack on a TAP, with the kernel's stack as the peer, in a network namespace of its
/// own.</summary>
public sealed class TapStackTests
{
    private static readonly Cidr s_address = Cidr.Parse("10.0.0.2/24");

    [RootFact]
    public void LongStreams_BothWays_ArriveWholeAndMerged() => Run(static async (_, netif, guest, kernel) =>
    {
        var listener = Right(TcpIp<Netif>.Listen(guest, 80));
        // A TAP exposes nothing: the address is the way.
        Assert.Equal(new Endpoint(s_address.Address, 80), listener.Reachable);
        var client = Right(await SocketStack.Connect(kernel, listener.Reachable));
        var server = Right(await listener.Accept());
        var bytes = Pattern(8_000_000);
        var (up, down) = (ReadAll(server.Input), ReadAll(client.Input));
        await Task.WhenAll(Send(client, bytes), Send(server, bytes));
        Assert.Equal(bytes, await up);
        Assert.Equal(bytes, await down);

        // Without long frames it would take 5,500 of them either way.
        var counters = Netif.Counters(netif);
        Assert.InRange(counters.ReceivedFrames, 1, 5000);
        Assert.InRange(counters.SentFrames, 1, 5000);
    });

    [RootFact]
    public void KernelListens_Connect_AndReset_GoThrough() => Run(static async (_, netif, guest, kernel) =>
    {
        var listener = Right(SocketStack.Listen(kernel, 0));
        var end = new Endpoint(IpAddress.Parse("10.0.0.1"), listener.Port);
        var client = Right(await TcpIp<Netif>.Connect(guest, end));
        var server = Right(await listener.Accept());
        server.Abort();
        Assert.IsType<TcpError.Reset>(await ReadError(client.Input));
        await listener.DisposeAsync();
        Assert.Equal(new TcpError.Refused(end), Left(await TcpIp<Netif>.Connect(guest, end)));
    });

    /// <summary>Towards the stack by the kernel's UDP_SEGMENT, from it by ours; the kernel merges and cuts.</summary>
    [RootFact]
    [Trait("Behaviour", "162")]
    public void DatagramsInOneFrame_BothWays_ArriveAsTheyWere() => Run(static async (host, netif, guest, kernel) =>
    {
        using var far = Right(UdpSocket<SocketStack>.Open(host, kernel, 5000));
        using var near = Right(UdpSocket<TcpIp<Netif>>.Open(host, guest, 5000));
        var (toNear, toFar) = (new Endpoint(s_address.Address, 5000), new Endpoint(IpAddress.Parse("10.0.0.1"), 5000));
        var buffer = new byte[2000];
        Right(near.Send(toFar, default)); // The link addresses are found out.
        Right(await far.ReceiveAsync(buffer));

        var before = Netif.Counters(netif);
        var payload = Pattern((100 * 1000) + 7);
        Right(near.SendSegments(toFar, new(payload), 1000));
        foreach (var expected in payload.Chunk(1000))
            Assert.Equal(expected, buffer[..Right(await far.ReceiveAsync(buffer)).Length]);
        Right(far.SendSegments(toNear, new(payload), 1000));
        foreach (var expected in payload.Chunk(1000))
            Assert.Equal(expected, buffer[..Right(await near.ReceiveAsync(buffer)).Length]);

        if (Netif.Info(netif).UdpSegmentationLimit == 0)
            return; // A kernel before Linux 6.2.
        var after = Netif.Counters(netif);
        Assert.InRange(after.SentFrames - before.SentFrames, 2, 4);
        Assert.InRange(after.ReceivedFrames - before.ReceivedFrames, 2, 4);
    });

    private static async Task Send(IFlow flow, byte[] bytes)
    {
        await flow.Output.WriteAsync(bytes);
        await flow.Output.CompleteAsync();
    }

    private static void Run(
        Func<UnixHost, Netif, TcpIp<Netif>, SocketStack, ValueTask> test) => PrivateNetwork.Run(() =>
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var settings = new LinkSettings("tap0", new MacAddress(0x020000000002), s_address, []);
            var netif = Netif.Over(Right(LinkOpener.Open(host, settings)));
            PrivateNetwork.Ip("addr add 10.0.0.1/24 dev tap0");
            var guest = TcpIp<Netif>.Create(host, netif, s_address);
            var kernel = SocketStack.On(host, IpAddress.AnyV4);
            await test(host, netif, guest, kernel);
            await SocketStack.Disconnect(kernel);
            await TcpIp<Netif>.Disconnect(guest);
            await Netif.Disconnect(netif);
        });
    });
}
