using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mirage.Testing;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class SocketStackTests
{
    [Fact]
    public void NobodyListens_Connect_IsRefused() => Run(static async (host, pair) =>
    {
        var free = pair.Listener.Reachable;
        await pair.Listener.DisposeAsync();
        Assert.Equal(new TcpError.Refused(free), Left(await SocketStack.Connect(pair.Stack, free)));
    });

    // A child holds what its parent has open until it has become another program.
    [Fact]
    public void ListenerThatAChildHolds_Connect_IsRefused() => Run(static async (host, pair) =>
    {
        var free = pair.Listener.Reachable;
        var held = TestLibc.Duplicate(DescriptorOf(free.Port));
        try
        {
            await pair.Listener.DisposeAsync();
            Assert.Equal(new TcpError.Refused(free), Left(await SocketStack.Connect(pair.Stack, free)));
        }
        finally
        {
            Assert.Equal(0, TestLibc.Close(held));
        }
    });

    [Fact]
    public void BytesBothWays_Info_IsTheKernels() => Run(static async (host, pair) =>
    {
        var accepting = pair.Listener.Accept();
        var client = Assert.IsType<ITcpFlow>(Right(await SocketStack.Connect(pair.Stack, pair.Listener.Reachable)),
            exactMatch: false);
        var server = Right(await accepting);
        await client.Output.WriteAsync(new byte[1000]);
        Assert.Equal(1000, (await server.Input.ReadAtLeastAsync(1000)).Buffer.Length);
        await server.Output.WriteAsync(new byte[300]);
        Assert.Equal(300, (await client.Input.ReadAtLeastAsync(300)).Buffer.Length);
        var info = client.Info;
        Assert.Equal(TcpState.Established, info.State);
        Assert.Equal((1001, 300), (info.OctetsAcknowledged, info.OctetsReceived)); // The kernel counts the SYN.
        Assert.InRange(info.SmoothedRtt!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        Assert.InRange(info.CurrentMss, 500, 65_535);
        Assert.InRange(info.DeliveryRate, 1, long.MaxValue);
        Assert.InRange(info.PacingRate, 1, long.MaxValue);
        Assert.InRange(info.CurrentCwnd, info.CurrentMss, long.MaxValue);
        Assert.True(info.SegmentsOut > 1 && info.SegmentsIn > 1, $"{info}");
        client.Abort();
        Assert.Equal(TcpState.Closed, client.Info.State);
        Assert.Equal(300, client.Info.OctetsReceived);
    });

    [Fact]
    public void TakenPort_Listen_IsInUse() => Run(static (host, pair) =>
    {
        var error = Left(SocketStack.Listen(pair.Stack, pair.Listener.Port));
        Assert.Equal(new TcpError.PortInUse(pair.Listener.Port), error);
        return ValueTask.CompletedTask;
    });

    [Fact]
    public void PortOfAnotherProgram_Listen_IsInUse() => Run(static (host, pair) =>
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = (ushort)((IPEndPoint)other.LocalEndpoint).Port;
        Assert.Equal(new TcpError.PortInUse(port), Left(SocketStack.Listen(pair.Stack, port)));
        return ValueTask.CompletedTask;
    });

    [Fact]
    public void AddressOfNobody_Listen_SaysSo()
    {
        using var host = new UnixHost();
        var stack = SocketStack.On(host, IpAddress.Parse("192.0.2.1"));
        Assert.Equal("192.0.2.1 is no address of this machine", Left(SocketStack.Listen(stack, 0)).ToString());
    }

    [Fact]
    public void ClosedListener_PortAndAccept_AreFreeAndClosed() => Run(static async (host, pair) =>
    {
        var accepting = pair.Listener.Accept();
        await pair.Listener.DisposeAsync();
        Assert.Equal(new TcpError.Closed(), Left(await accepting));
        Assert.Equal(new TcpError.Closed(), Left(await pair.Listener.Accept()));
        Assert.Equal(pair.Listener.Port, Right(SocketStack.Listen(pair.Stack, pair.Listener.Port)).Port);
    });

    [Fact]
    public void UnacceptedConnection_ListenerDisposed_IsReset() => Run(static async (host, pair) =>
    {
        var client = Right(await SocketStack.Connect(pair.Stack, pair.Listener.Reachable));
        await pair.Listener.DisposeAsync();
        Assert.IsType<TcpError.Reset>(await ReadError(client.Input));
    });

    [Fact]
    public void PendingAccept_Cancelled_Throws() => Run(static async (host, pair) =>
    {
        using var source = new CancellationTokenSource();
        var accepting = pair.Listener.Accept(source.Token).AsTask();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        _ = Right(await SocketStack.Connect(pair.Stack, pair.Listener.Reachable));
        _ = Right(await pair.Listener.Accept());
    });

    [Fact]
    public void FullBacklog_ConnectCancelled_LeavesNothing() => Run(static async (host, pair) =>
    {
        var listener = Right(SocketStack.Listen(pair.Stack, 0, new ListenOptions { Backlog = 1 }));
        _ = Right(await SocketStack.Connect(pair.Stack, listener.Reachable));
        _ = Right(await SocketStack.Connect(pair.Stack, listener.Reachable));
        var watched = host.Driver.WatchCount;
        using var source = new CancellationTokenSource();
        var connecting = SocketStack.Connect(pair.Stack, listener.Reachable, source.Token).AsTask();
        await Task.Yield();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.Equal(watched, host.Driver.WatchCount);
    });

    [Fact]
    public void AThousandConnections_AllEcho() => Run(static async (host, pair) =>
    {
        const int Count = 1000;
        var listener = Right(SocketStack.Listen(pair.Stack, 0, new ListenOptions { Backlog = Count }));
        var serving = Serve();
        var answers = await Task.WhenAll(Enumerable.Range(0, Count).Select(Ask));
        Assert.Equal(Enumerable.Range(0, Count), answers);
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
            await using var flow = Right(await SocketStack.Connect(pair.Stack, listener.Reachable));
            await flow.Output.WriteAsync(BitConverter.GetBytes(number));
            await flow.Output.CompleteAsync();
            return BitConverter.ToInt32(await ReadAll(flow.Input));
        }
    });

    [Fact]
    public void Disconnected_Everything_IsClosed()
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var pair = await Open(host);
            var reading = ReadError(pair.Server.Input);
            var accepting = pair.Listener.Accept();
            await SocketStack.Disconnect(pair.Stack);
            Assert.Equal(new TcpError.Closed(), await reading);
            Assert.Equal(new TcpError.Closed(), Left(await accepting));
            Assert.Equal(new TcpError.Closed(), Left(SocketStack.Listen(pair.Stack, 0)));
            Assert.Equal(new TcpError.Closed(), Left(await SocketStack.Connect(pair.Stack, pair.Listener.Reachable)));
        });
    }

    [Fact]
    public void Loopback_Addresses_AreItsNetwork()
    {
        using var host = new UnixHost();
        Assert.Equal([Cidr.Parse("127.0.0.1/8")], SocketStack.Addresses(SocketStack.On(host, IpAddress.LoopbackV4)));
        Assert.Contains(Cidr.Parse("127.0.0.1/8"), SocketStack.Addresses(SocketStack.On(host, IpAddress.AnyV4)));
    }

    [Fact]
    public void Ipv6Loopback_Connection_Works()
    {
        using var host = new UnixHost();
        if (!Socket.OSSupportsIPv6)
            return;
        host.Run(async () =>
        {
            var stack = SocketStack.On(host, IpAddress.Parse("::1"));
            var listener = Right(SocketStack.Listen(stack, 0));
            var client = Right(await SocketStack.Connect(stack, listener.Reachable));
            var server = Right(await listener.Accept());
            Assert.Equal(IpAddress.Parse("::1"), server.Remote.Address);
            Assert.Equal(client.Local, server.Remote);
            await SocketStack.Disconnect(stack);
        });
    }

    [Fact]
    public void SimulatedHost_Boot_SaysWhatIsMissing()
    {
        using var host = new SimHost();
        Assert.Equal(ExitCode.Unavailable, Boot.Run<NeedsSockets>(host, []));
        Assert.Contains("a SocketStack needs a Linux process", host.ErrorOutput, StringComparison.Ordinal);
    }

    private static int DescriptorOf(ushort port) => Directory.GetFiles("/proc/self/fd")
        .Select(static path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
        .First(descriptor => KernelSocket.LocalEnd(descriptor).Port == port);

    private readonly struct NeedsSockets : IUnikernel<NeedsSockets>
    {
        public static Impl<NeedsSockets> Impl => Mirage.Impl.Of<SocketStack>().Map(static _ => default(NeedsSockets));

        public static ValueTask Start(NeedsSockets unikernel, CancellationToken stop) => ValueTask.CompletedTask;
    }
}
