using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>What gives way when the queues of all connections hold too much.</summary>
public sealed class TcpMemoryTests : IDisposable
{
    private const int Block = BlockPool.BlockSize;
    private const TcpFlags Ack = TcpFlags.Ack, Syn = TcpFlags.Syn;

    private readonly SimHost _host = new(seed: 14);

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(8, int.MaxValue, true)] // Half of sixteen blocks.
    [InlineData(9, TcpLimits.TightWindow, true)]
    [InlineData(14, TcpLimits.TightWindow, true)]
    [InlineData(15, TcpLimits.TightWindow, false)]
    [Trait("Hostile", "18")]
    [Trait("Hostile", "32")]
    public void BlocksAreHeld_WindowsAndThenConnectionsGiveWay(int blocks, int window, bool hasRoom)
    {
        var pool = new BlockPool();
        var memory = new TcpMemory(pool, new(), 16 * Block);
        var held = Enumerable.Range(0, blocks).Select(_ => pool.Rent(1)).ToList();
        Assert.Equal((blocks * Block, window, hasRoom), (memory.Bytes, memory.WindowMax, memory.HasRoom));
        held.ForEach(pool.Return);
        Assert.Equal((0, int.MaxValue, true), (memory.Bytes, memory.WindowMax, memory.HasRoom));
    }

    [Fact]
    public void LongBlock_IsCountedWhole()
    {
        var pool = new BlockPool();
        var block = pool.Rent(100_000);
        Assert.Equal(100_000, pool.RentedBytes);
        pool.Return(block);
        Assert.Equal(0, pool.RentedBytes);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6")]
    [Trait("Behaviour", "123")]
    public void MemoryIsTight_TheWindowOpensNoFurther_AndIsNotPulledBack()
    {
        var pool = new BlockPool();
        var memory = new TcpMemory(pool, new(), 16 * Block);
        var peer = TcpPeer.In(TcpState.Established, TcpPeer.Defaults with { ReceiveBuffer = 400_000, Memory = memory });
        var edge = peer.Machine.Block.Window.Edge;
        var held = Enumerable.Range(0, 9).Select(_ => pool.Rent(1)).ToList();
        for (var count = 0; count < 100; count++)
            peer.Sends(Ack, 1 + (count * 1000), 1, 1000).Elapses(40).Poll();
        Assert.Equal(TcpLimits.TightWindow, peer.ReceiveQueue.Length);
        Assert.Equal(edge, peer.Machine.Block.Window.Edge);
        held.ForEach(pool.Return);
        peer.Reads(1000).Poll();
        Assert.InRange(edge.DistanceTo(peer.Machine.Block.Window.Edge), 1000, TcpLimits.TightWindow);
    }

    [Fact]
    public void ThreeQuarters_WhatIsBeyondAHole_IsGivenUp() => _host.Run(async () =>
    {
        var site = new TcpSite(_host, memoryMax: 16 * Block);
        await using var listener = site.Listen();
        await Establish(site, listener, 1);
        var held = Enumerable.Range(0, 12).Select(_ => site.Engine.Pool.Rent(1)).ToList();
        site.Receives(TcpSite.Client(1), Ack, 2000, _acknowledgment, length: 100);
        await Pause();
        Assert.Equal((12 * Block, 1L, 1L),
            (site.Engine.Memory.Bytes, site.Counters.OfoPruned, site.Counters.TCPMemoryPressures));
        held.ForEach(site.Engine.Pool.Return);
        await site.Disconnect();
    });

    [Fact]
    public void SevenEighths_NobodyConnects() => _host.Run(async () =>
    {
        var site = new TcpSite(_host, memoryMax: 16 * Block);
        await using var listener = site.Listen();
        var held = Enumerable.Range(0, 15).Select(_ => site.Engine.Pool.Rent(1)).ToList();
        site.Receives(TcpSite.Client(1), Syn, 1).SaysNothing();
        Assert.Equal((1L, 0L), (site.Counters.ListenDrops, site.Counters.ListenOverflows));
        held.ForEach(site.Engine.Pool.Return);
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack, site.Receives(TcpSite.Client(1), Syn, 1).Next().Flags);
        await site.Disconnect();
    });

    [Fact]
    [Trait("Hostile", "18")]
    public void OverTheBudget_TheOldestOrphansAreReset_AndNobodyElse() => _host.Run(async () =>
    {
        var site = new TcpSite(_host, memoryMax: 16 * Block) { Window = 0 };
        await using var listener = site.Listen();
        var flows = new List<IFlow>();
        for (var number = 0; number < 4; number++)
            flows.Add(await Establish(site, listener, number));
        foreach (var flow in flows)
            await flow.Write(Flows.Bytes(3 * Block)); // Nobody takes them.
        await flows[2].DisposeAsync();
        await flows[1].DisposeAsync();
        await Pause();
        Assert.Equal((4, 0L), (site.Engine.Count, site.Counters.TCPAbortOnMemory));

        await flows[3].Write(Flows.Bytes(5 * Block)); // One more than there may be.
        await Pause();
        Assert.Equal((3, 1L), (site.Engine.Count, site.Counters.TCPAbortOnMemory));
        await flows[0].Write(Flows.Bytes(10 * Block));
        await Pause();
        Assert.Equal((2, 2L), (site.Engine.Count, site.Counters.TCPAbortOnMemory));
        Assert.InRange(site.Engine.Memory.Bytes, 16 * Block, 24 * Block); // Those that somebody has stay.
        await site.Disconnect();
    });

    [Fact]
    public void NotAccepted_AListenerHoldsAWindowForEachPlaceOfItsBacklog() => _host.Run(async () =>
    {
        var site = new TcpSite(_host) { Keeps = false };
        await using var listener = site.Listen(new() { Backlog = 4 });
        for (var number = 0; number < 4; number++)
        {
            site.Keeps = true;
            site.Receives(TcpSite.Client(number), Syn, 0, options: new() { WindowScale = 7 });
            var initial = site.Next().Sequence;
            site.Keeps = false;
            for (var seq = 0; seq < 200_000; seq += 1000)
            {
                site.Receives(TcpSite.Client(number), Ack, (uint)seq + 1, initial.Plus(1), length: 1000);
                await Pause();
            }
        }

        Assert.InRange(site.Engine.Memory.Bytes, 4 * 8 * Block, 4 * 9 * Block); // Eight are a window.
        var flow = (await listener.Accept()).Value();
        await flow.Input.ReadExactly(60_000);
        await flow.DisposeAsync();
        await site.Disconnect();
    });

    private uint _acknowledgment;

    private async Task<IFlow> Establish(TcpSite site, IListener listener, int number)
    {
        var client = TcpSite.Client(number);
        _acknowledgment = site.Receives(client, Syn, 0).Next().Sequence.Plus(1);
        site.Receives(client, Ack, 1, _acknowledgment);
        return (await listener.Accept()).Value();
    }

    private Task Pause() => Task.Delay(TimeSpan.FromMilliseconds(20), _host.Time);
}
