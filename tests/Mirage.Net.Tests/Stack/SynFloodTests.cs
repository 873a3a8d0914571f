using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>SYNs by the hundred thousand: what they cost, and what an honest client sees of them.</summary>
[Trait("Conforms", "RFC 4987 section 3")]
public sealed class SynFloodTests : IDisposable
{
    private const TcpFlags Syn = TcpFlags.Syn, Ack = TcpFlags.Ack, SynAck = TcpFlags.Syn | TcpFlags.Ack;
    private const int PerSecond = 100_000;

    private static readonly TcpOptions s_options =
        new() { MaximumSegmentSize = 1460, WindowScale = 7, SackPermitted = true, Timestamps = new(1, 0) };

    private readonly SimHost _host = new(seed: 11);

    public void Dispose() => _host.Dispose();

    [Fact]
    [Trait("Hostile", "21")]
    public void HalfOpenConnection_CostsAtMostTwoHundredBytes()
    {
        var keys = new TcpFlowKeyComparer(SipHash.Random(_host));
        var listener = new TcpListener(new TcpSite(_host).Engine, 80, TcpSite.Local,
            new() { HalfOpenMax = int.MaxValue });
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var queue = new TcpSynQueue(keys);
            for (var number = 0; queue.HasRoom(listener); number++)
                queue.Add(new(TcpSite.Local, TcpSite.Client(number)), listener, default, 1, 1, 1);
            Assert.Equal(TcpLimits.HalfOpenMax, queue.Count);
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / TcpLimits.HalfOpenMax);
            listener.HalfOpen = 0;
        }

        // What the table has thrown away by growing is counted too.
        Assert.InRange(least, 100, 200);
    }

    [Fact]
    [Trait("Behaviour", "114")]
    [Trait("Hostile", "18")]
    [Trait("Hostile", "21")]
    public void Flood_TheQueueFills_TheRestIsCookies_AndNothingIsAllocated() => _host.Run(async () =>
    {
        var site = new TcpSite(_host) { Keeps = false };
        await using var listener = site.Listen();
        var least = long.MaxValue;
        for (var second = 0; second < 3; second++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var number = 0; number < PerSecond; number++)
                site.Receives(TcpSite.Client((second * PerSecond) + number), Syn, (uint)number, options: s_options);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(TcpLimits.HalfOpenPerListener, site.Engine.Handshakes.Count);
        Assert.Equal((3 * PerSecond) - TcpLimits.HalfOpenPerListener, site.Counters.SyncookiesSent);
        Assert.Equal(3 * PerSecond, site.Sent);
        Assert.Equal((0, 0), (site.Engine.Count, site.Engine.Pool.Rented));
        await Task.Delay(TimeSpan.FromSeconds(64), _host.Time);
        Assert.Equal(0, site.Engine.Handshakes.Count);
        Assert.Equal((3 * PerSecond) + (5 * TcpLimits.HalfOpenPerListener), site.Sent);
        await site.Disconnect();
    });

    [Fact]
    [Trait("Hostile", "21")]
    public void HourOfAttack_MemoryIsFlat() => _host.Run(async () =>
    {
        const int Minutes = 60, PerMinute = 3000;
        var site = new TcpSite(_host) { Keeps = false };
        await using var listener = site.Listen();
        var settled = 0L;
        for (var minute = 0; minute < Minutes; minute++)
        {
            if (minute == 3)
                settled = GC.GetAllocatedBytesForCurrentThread();
            for (var number = 0; number < PerMinute; number++)
            {
                var client = TcpSite.Client((minute * PerMinute) + number);
                site.Receives(client, Syn, 1, options: s_options).Receives(client, Ack, 2, 3);
            }

            Assert.Equal(TcpLimits.HalfOpenPerListener, site.Engine.Handshakes.Count);
            await Task.Delay(TimeSpan.FromMinutes(1), _host.Time);
        }

        // What a minute allocates is its delay: nothing for any of its segments.
        var perMinute = (GC.GetAllocatedBytesForCurrentThread() - settled) / (Minutes - 3);
        Assert.InRange(perMinute, 0, 3 * PerMinute);
        Assert.Equal((0, 0), (site.Engine.Count, site.Engine.Pool.Rented));
        await site.Disconnect();
    });

    [Fact]
    public void ManyListeners_TheStackHasALimitOfItsOwn() => _host.Run(async () =>
    {
        var site = new TcpSite(_host) { Keeps = false };
        var perListener = (TcpLimits.HalfOpenMax / 2) - 1;
        for (ushort port = 1; port <= 3; port++)
        {
            site.Listen(new() { HalfOpenMax = perListener }, port);
            for (var number = 0; number <= perListener; number++)
                site.Receives(TcpSite.Client(number), Syn, 1, port: port);
        }

        Assert.Equal(TcpLimits.HalfOpenMax, site.Engine.Handshakes.Count);
        Assert.Equal(1 + 1 + perListener - 1, site.Counters.SyncookiesSent);
        await site.Disconnect();
        Assert.Equal(0, site.Engine.Handshakes.Count);
    });

    [Fact]
    [Trait("Behaviour", "114")]
    public void Flood_CookiesOfManyClients_ConnectToTheBacklog() => _host.Run(async () =>
    {
        var site = new TcpSite(_host);
        await using var listener = site.Listen(new() { HalfOpenMax = 1, Backlog = 50 });
        site.Receives(TcpSite.Client(0), Syn, 1);
        Assert.Equal(SynAck, site.Next().Flags);
        var cookies = new uint[52];
        for (var number = 1; number <= 51; number++)
            cookies[number] = site.Receives(TcpSite.Client(number), Syn, 9).Next().Sequence;
        for (var number = 1; number <= 51; number++)
            site.Receives(TcpSite.Client(number), Ack, 10, cookies[number].Plus(1));
        site.SaysNothing();
        var counters = site.Counters;
        Assert.Equal((50, 51, 1, 1), (site.Engine.Count, counters.SyncookiesRecv, counters.ListenOverflows,
            counters.ListenDrops));
        site.Receives(TcpSite.Client(99), Ack, 10, 1234);
        Assert.Equal((TcpFlags.Rst, 1L), (site.Next().Flags, site.Counters.SyncookiesFailed));
        await site.Disconnect();
    });

    [Fact]
    [Trait("Hostile", "18")]
    public void Flood_AnHonestClientKeepsItsGoodput()
    {
        var quiet = Serve(perMillisecond: 0);
        var attacked = Serve(perMillisecond: PerSecond / 1000);
        Assert.InRange(attacked, quiet * 8 / 10, long.MaxValue);
    }

    // Bytes that a client receives in a second, with a connection for each 64 KiB, over a path of ten milliseconds.
    private static long Serve(int perMillisecond)
    {
        using var host = new SimHost(seed: 12);
        var received = 0L;
        host.Run(async () =>
        {
            var hub = VirtualHub.Create(host);
            var near = VirtualHub.Attach(hub).WithDelay(host, TimeSpan.FromMilliseconds(5), TimeSpan.Zero);
            var (server, attacker) = (VirtualHub.Attach(hub), VirtualHub.Attach(hub));
            await using var pair = new StackPair<Delaying<VirtualPort>, VirtualPort>(host, near, server);
            var listener = pair.Listen(80, new() { Backlog = 16 });
            var serving = ServeAll(listener);
            var endNs = host.Loop.NowNs + 1_000_000_000;
            var flooding = Flood(host, attacker, VirtualPort.Info(server).Mac, perMillisecond, endNs);
            while (host.Loop.NowNs < endNs)
            {
                var client = await pair.Connect(80);
                received += (await client.Input.Drain()).Length;
                await client.DisposeAsync();
            }

            await flooding;
            var stack = pair.Right;
            Assert.Equal(perMillisecond > 0, TcpIp<VirtualPort>.TcpCounters(stack).SyncookiesSent > 0);
            Assert.InRange(TcpIp<VirtualPort>.Engine(stack).Handshakes.Count, 0, TcpLimits.HalfOpenPerListener);
            await listener.DisposeAsync();
            await serving;
        });
        return received;
    }

    private static async Task ServeAll(IListener listener)
    {
        while ((await listener.Accept()).ToOption().Case is IFlow flow)
        {
            await flow.Write(Flows.Bytes(1 << 16));
            await flow.DisposeAsync();
        }
    }

    // From addresses that no route leads to: the answers end there, and only what the SYNs leave behind counts.
    private static async Task Flood(
        SimHost host, VirtualPort attacker, MacAddress server, int perMillisecond, long endNs)
    {
        var segment = new byte[TcpHeader.FixedSize];
        for (var number = 0; host.Loop.NowNs < endNs;)
        {
            for (var end = number + perMillisecond; number < end; number++)
            {
                var client = TcpSite.Client(number);
                new TcpHeader(client.Port, 80, (uint)number, 0, Syn, 30_000).Emit(segment);
                var header = new Ipv4Header
                {
                    Source = client.Address,
                    Destination = IpAddress.Parse("10.0.0.2"),
                    Protocol = IpProtocol.Tcp,
                    Ttl = 64,
                };
                var packet = Packets.Ipv4(header, segment);
                var frame = Packets.Frame(server, VirtualPort.Info(attacker).Mac, EtherType.Ipv4, packet);
                FrameChecksum.Complete(frame);
                attacker.Send(frame);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), host.Time);
        }
    }
}
