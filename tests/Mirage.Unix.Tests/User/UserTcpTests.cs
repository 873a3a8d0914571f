using Mirage.Net;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class UserTcpTests
{
    [Fact]
    public void PortOfTheUnikernel_IsOpenOnTheMachine() => UserWorld.Run(static async world =>
    {
        var (listener, client, server) = await world.Connect();
        Assert.Equal(new Endpoint(IpAddress.LoopbackV4, listener.Port), listener.Reachable);
        Assert.Equal(IpAddress.Parse("10.0.0.1"), server.Remote.Address);
        await client.Output.WriteAsync("question"u8.ToArray());
        await client.Output.CompleteAsync();
        Assert.Equal("question"u8.ToArray(), await ReadAll(server.Input));
        await server.Output.WriteAsync("answer"u8.ToArray()); // The other direction still works.
        await server.DisposeAsync();
        Assert.Equal("answer"u8.ToArray(), await ReadAll(client.Input));
    });

    [Fact]
    public void LongStreams_BothWays_ArriveWhole() => UserWorld.Run(static async world =>
    {
        var (_, client, server) = await world.Connect();
        var bytes = Pattern(6_000_000);
        var (up, down) = (ReadAll(server.Input), ReadAll(client.Input));
        await Task.WhenAll(Send(client), Send(server));
        Assert.Equal(bytes, await up);
        Assert.Equal(bytes, await down);

        async Task Send(IFlow flow)
        {
            await flow.Output.WriteAsync(bytes);
            await flow.Output.CompleteAsync();
        }
    });

    [Fact]
    public void ClientReset_ReachesTheUnikernel() => UserWorld.Run(static async world =>
    {
        var (_, client, server) = await world.Connect();
        client.Abort();
        Assert.IsType<TcpError.Reset>(await ReadError(server.Input));
    });

    [Fact]
    public void UnikernelReset_ReachesTheClient() => UserWorld.Run(static async world =>
    {
        var (_, client, server) = await world.Connect();
        server.Abort();
        Assert.IsType<TcpError.Reset>(await ReadError(client.Input));
    });

    [Fact]
    public void SlowUnikernel_HoldsTheClientBack() => UserWorld.Run(static async world =>
    {
        var (_, client, server) = await world.Connect();
        var (bytes, written, total) = (Pattern(64 * 1024), 0L, 128L * 1024 * 1024);
        var writing = Write();
        var before = -1L;
        for (var rest = 0; rest < 20; rest = before == written ? rest + 1 : 0)
        {
            before = written;
            for (var round = 0; round < 200; round++)
                await Task.Yield();
        }

        Assert.InRange(written, 1, total / 2);
        client.Abort();
        await Assert.ThrowsAsync<FlowException>(() => writing);
        server.Abort();

        async Task Write()
        {
            for (; written < total; written += bytes.Length)
                await client.Output.WriteAsync(bytes);
        }
    });

    [Fact]
    public void ForwardedPort_IsAnotherOneOutside()
    {
        var outside = UserWorld.FreePort();
        UserWorld.Run(async world =>
        {
            var listener = Right(TcpIp<Netif>.Listen(world.Guest, 80));
            Assert.Equal(80, listener.Port);
            Assert.Equal(new Endpoint(IpAddress.LoopbackV4, outside), listener.Reachable);
            await using var client = Right(await SocketStack.Connect(world.Outside, listener.Reachable));
            await using var server = Right(await listener.Accept());
        }, new PortForward(outside, 80));
    }

    [Fact]
    public void PortTakenOutside_Listen_SaysSoAndLetsGo() => UserWorld.Run(static async world =>
    {
        var taken = Right(SocketStack.Listen(world.Outside, 0));
        var error = Left(TcpIp<Netif>.Listen(world.Guest, taken.Port));
        Assert.Equal(new TcpError.Link(new NetworkError.PortInUse(taken.Reachable)), error);
        await taken.DisposeAsync();
        Assert.Equal(taken.Port, Right(TcpIp<Netif>.Listen(world.Guest, taken.Port)).Port);
    });

    [Fact]
    public void ListenerDisposed_PortOutside_IsClosed_AndFlowsGoOn() => UserWorld.Run(static async world =>
    {
        var (listener, client, server) = await world.Connect();
        await listener.DisposeAsync();
        Assert.IsType<TcpError.Refused>(Left(await SocketStack.Connect(world.Outside, listener.Reachable)));
        await client.Output.WriteAsync("still"u8.ToArray());
        await client.Output.CompleteAsync();
        Assert.Equal("still"u8.ToArray(), await ReadAll(server.Input));
    });

    [Fact]
    public void ManyConnections_AllEcho() => UserWorld.Run(static async world =>
    {
        const int Count = 200;
        var listener = Right(TcpIp<Netif>.Listen(world.Guest, UserWorld.FreePort()));
        var serving = Serve();
        Assert.Equal(Enumerable.Range(0, Count), await Task.WhenAll(Enumerable.Range(0, Count).Select(Ask)));
        await serving;

        async Task Serve()
        {
            var echoes = new List<Task>();
            for (var number = 0; number < Count; number++)
                echoes.Add(Echo(Right(await listener.Accept())));
            await Task.WhenAll(echoes);
        }

        async Task Echo(IFlow flow)
        {
            await flow.Input.CopyToAsync(flow.Output);
            await flow.DisposeAsync();
        }

        async Task<int> Ask(int number)
        {
            await using var flow = Right(await SocketStack.Connect(world.Outside, listener.Reachable));
            await flow.Output.WriteAsync(BitConverter.GetBytes(number));
            await flow.Output.CompleteAsync();
            return BitConverter.ToInt32(await ReadAll(flow.Input));
        }
    });
}
