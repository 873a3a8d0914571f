using System.Buffers;
using System.Buffers.Binary;
using LanguageExt;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>What the wiring of a stack adds to its layers.</summary>
public sealed class TcpIpTests : IDisposable
{
    private readonly SimHost _host = new(seed: 6);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Echo_ComesBack() => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        (await TcpIp<VirtualPort>.Echo(pair.Left, IpAddress.Parse("10.0.0.2"), new byte[5000])).Value();
    });

    [Fact]
    public void BoundPort_Datagram_ArrivesAndIsAnswered() => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        var seen = new List<(Endpoint Source, Endpoint Destination, int Length)>();
        using var server = TcpIp<VirtualPort>.Bind(pair.Right, 53, new Datagrams(seen)).Value();
        using var client = TcpIp<VirtualPort>.Bind(pair.Left, 0, new Datagrams(seen)).Value();
        Assert.Equal(new(IpAddress.Parse("10.0.0.2"), 53), server.Reachable);
        Send(pair.Left, client, server.Reachable, 3000);
        await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time);
        Send(pair.Right, server, seen[0].Source, 7);
        await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time);
        Assert.Equal([(client.Reachable, server.Reachable, 3000), (server.Reachable, client.Reachable, 7)], seen);
    });

    [Theory]
    [InlineData((byte)17, 3)]
    [InlineData((byte)99, 2)]
    public void NobodyForIt_Packet_IsAnsweredByUnreachable(byte protocol, byte code)
    {
        _host.Run(async () =>
        {
            var hub = VirtualHub.Create(_host);
            var (left, right, third) = (VirtualHub.Attach(hub), VirtualHub.Attach(hub), VirtualHub.Attach(hub));
            await using var pair = new StackPair<VirtualPort, VirtualPort>(_host, left, right);
            (await TcpIp<VirtualPort>.Echo(pair.Left, IpAddress.Parse("10.0.0.2"), new byte[8])).Value();
            var heard = FrameCollector.On(third);
            using var client = TcpIp<VirtualPort>.Bind(pair.Left, 7000, new Datagrams([])).Value();
            Send(pair.Left, client, new(IpAddress.Parse("10.0.0.2"), 54), 10);
            await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time);
            if (protocol != 17)
            {
                var frame = heard[0];
                frame[23] = protocol;
                (frame[24], frame[25]) = (0, 0);
                var checksum = InternetChecksum.Compute(frame.AsSpan(14, 20));
                (frame[24], frame[25]) = ((byte)(checksum >> 8), (byte)checksum);
                heard.Clear();
                third.Send(frame);
                await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time);
            }

            var answer = Assert.Single(heard, frame => frame[23] == 1);
            Assert.Equal([3, code], answer[34..36]); // RFC 792: destination unreachable.
        });
    }

    [Fact]
    public void RouterSaysUnreachable_ConnectFailsAtOnce() => _host.Run(async () =>
    {
        var hub = VirtualHub.Create(_host);
        var (left, right, third) = (VirtualHub.Attach(hub), VirtualHub.Attach(hub), VirtualHub.Attach(hub));
        await using var pair = new StackPair<VirtualPort, VirtualPort>(_host, left, right);
        await pair.Establish(); // Both know the other's address now: the next frame to the port is the SYN.
        await VirtualPort.Disconnect(right);
        var heard = FrameCollector.On(third);
        var connecting = TcpIp<VirtualPort>.Connect(pair.Left, StackPair<VirtualPort, VirtualPort>.At(80));
        await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time);
        third.Send(Prohibiting(heard.Last(frame => frame[23] == 6)));
        var error = (await connecting).Error();
        var remote = StackPair<VirtualPort, VirtualPort>.At(80);
        Assert.Equal(new TcpError.Unreachable(remote, IcmpUnreachable.Prohibited), error);
        Assert.InRange(_host.Loop.NowNs, 0, 1_000_000_000);
    });

    [Fact]
    public void LinkOpensPorts_ListenerAndPortSayWhere_AndTheLinkIsToldOfTheirEnd() => _host.Run(async () =>
    {
        var (port, _) = VirtualPair.Create(_host);
        var log = new List<string>();
        var stack = TcpIp<Gateway>.Create(_host, new Gateway(port, log), Cidr.Parse("10.0.0.1/24"));
        var listener = TcpIp<Gateway>.Listen(stack, 80).Value();
        var udp = TcpIp<Gateway>.Bind(stack, 53, new Datagrams([])).Value();
        Assert.Equal(new(IpAddress.LoopbackV4, 10_080), listener.Reachable);
        Assert.Equal(new(IpAddress.LoopbackV4, 10_053), udp.Reachable);
        await listener.DisposeAsync();
        udp.Dispose();
        udp.Dispose();
        Assert.Equal(["expose Tcp 80", "expose Udp 53", "conceal Tcp 80", "conceal Udp 53"], log);
        await TcpIp<Gateway>.Disconnect(stack);
    });

    [Fact]
    public void PortOfTheStacksChoice_IsAClients_AndIsNotOpened() => _host.Run(async () =>
    {
        var (port, _) = VirtualPair.Create(_host);
        var log = new List<string>();
        var stack = TcpIp<Gateway>.Create(_host, new Gateway(port, log), Cidr.Parse("10.0.0.1/24"));
        var udp = TcpIp<Gateway>.Bind(stack, 0, new Datagrams([])).Value();
        Assert.Equal(new(IpAddress.Parse("10.0.0.1"), udp.Number), udp.Reachable);
        Assert.NotEqual(0, udp.Number);
        udp.Dispose();
        Assert.Empty(log);
        await TcpIp<Gateway>.Disconnect(stack);
    });

    [Fact]
    public void LinkRefusesThePort_ListenSaysWhy_AndThePortIsFreeAgain() => _host.Run(async () =>
    {
        var (port, _) = VirtualPair.Create(_host);
        var stack = TcpIp<Gateway>.Create(_host, new Gateway(port, []), Cidr.Parse("10.0.0.1/24"));
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var tcp = TcpIp<Gateway>.Listen(stack, 1).Error();
            Assert.IsType<NetworkError.PermissionDenied>(((TcpError.Link)tcp).Inner);
            var udp = TcpIp<Gateway>.Bind(stack, 1, new Datagrams([])).Error();
            Assert.IsType<NetworkError.PermissionDenied>(((UdpError.Link)udp).Inner);
        }

        await TcpIp<Gateway>.Disconnect(stack);
    });

    [Fact]
    public void ClosedType_TwoStacksOnOneHub_TalkInABoot()
    {
        var exit = Boot.Run<Dialogue<TcpIp<VirtualPort<Lan, Alice>>, TcpIp<VirtualPort<Lan, Bob>>>>(
            _host, ["--alice-ipv4=192.168.7.1/24", "--bob-ipv4=192.168.7.2/24"]);
        Assert.Equal("192.168.7.2:80 said hi", _host.Output.Trim());
        Assert.Equal(ExitCode.Done, exit);
    }

    private static void Send<TNetwork>(TcpIp<TNetwork> stack, UdpPort source, Endpoint destination, int length)
        where TNetwork : struct, INetwork<TNetwork> =>
        TcpIp<TNetwork>.Write(stack, source, destination, new ReadOnlySequence<byte>(new byte[length])).Value();

    // RFC 792: the IP header and eight bytes of the packet, behind a header of eight bytes, from a filter on the way.
    private static byte[] Prohibiting(byte[] frame)
    {
        byte[] icmp = [3, 13, 0, 0, 0, 0, 0, 0, .. frame[14..42]];
        BinaryPrimitives.WriteUInt16BigEndian(icmp.AsSpan(2), InternetChecksum.Compute(icmp));
        byte[] ip = [0x45, 0, 0, (byte)(20 + icmp.Length), 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 3, .. frame[26..30]];
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(10), InternetChecksum.Compute(ip));
        return [.. frame[6..12], 2, 0, 0, 0, 0, 3, 8, 0, .. ip, .. icmp];
    }

    private readonly struct Datagrams(List<(Endpoint, Endpoint, int)> seen) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            seen.Add((source, destination, payload.Length));

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }

    private sealed class Lan : IGroup
    {
        public static string Name => "lan";
    }

    private sealed class Alice : IGroup
    {
        public static string Name => "alice";
    }

    private sealed class Bob : IGroup
    {
        public static string Name => "bob";
    }

    /// <summary>A link that stands between the unikernel and its clients.</summary>
    private readonly struct Gateway(VirtualPort port, List<string> log) : INetwork<Gateway>
    {
        private readonly VirtualPort _port = port;
        private readonly List<string> _log = log;

        public static Impl<Gateway> Impl => throw new NotSupportedException();

        public static NetworkInfo Info(Gateway network) => VirtualPort.Info(network._port);

        public static WriteStatus Write(Gateway network, ref TransmitFrame frame) =>
            VirtualPort.Write(network._port, ref frame);

        public static void Listen<THandler>(Gateway network, THandler handler) where THandler : struct, IFrameHandler =>
            VirtualPort.Listen(network._port, handler);

        public static NetworkCounters Counters(Gateway network) => VirtualPort.Counters(network._port);

        public static Either<NetworkError, Option<Endpoint>> Expose(Gateway network, IpProtocol protocol, ushort port)
        {
            if (port == 1)
                return new NetworkError.PermissionDenied(new(IpAddress.LoopbackV4, port));
            network._log.Add($"expose {protocol} {port}");
            return Prelude.Some(new Endpoint(IpAddress.LoopbackV4, (ushort)(10_000 + port)));
        }

        public static void Conceal(Gateway network, IpProtocol protocol, ushort port) =>
            network._log.Add($"conceal {protocol} {port}");
    }

    private sealed class Dialogue<TClient, TServer>(Host host, TClient client, TServer server)
        : IUnikernel<Dialogue<TClient, TServer>>
        where TClient : struct, IStack<TClient>
        where TServer : struct, IStack<TServer>
    {
        public static Impl<Dialogue<TClient, TServer>> Impl =>
            (Mirage.Impl.BootHost, Mirage.Impl.Of<TClient>(), Mirage.Impl.Of<TServer>()).Apply(
                static (host, client, server) => new Dialogue<TClient, TServer>(host, client, server));

        public static async ValueTask Start(Dialogue<TClient, TServer> unikernel, CancellationToken stop) =>
            await unikernel.Run();

        private async Task Run()
        {
            await using var listener = TServer.Listen(server, 80).Value();
            var accepting = listener.Accept();
            await using var flow = (await TClient.Connect(client, listener.Reachable)).Value();
            await using var accepted = (await accepting).Value();
            await accepted.Write("hi"u8.ToArray());
            await accepted.Output.CompleteAsync();
            var said = System.Text.Encoding.ASCII.GetString(await flow.Input.ReadToEnd());
            await host.Out.WriteLineAsync($"{flow.Remote} said {said}");
        }
    }
}
