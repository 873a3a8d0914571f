using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class TcpListenerTests : IDisposable
{
    private readonly SimHost _host = new(seed: 5);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void BacklogIsFull_TheSynIsNotAnswered_AndCompletesOnRetryOnceThereIsRoom() => Run(async pair =>
    {
        await using var listener = pair.Listen(80, new() { Backlog = 2 });
        await pair.Connect(80);
        await pair.Connect(80);
        var third = TcpIp<VirtualPort>.Connect(pair.Left, StackPair<VirtualPort, VirtualPort>.At(80)).AsTask();
        await Task.Delay(TimeSpan.FromMilliseconds(900), _host.Time);
        Assert.False(third.IsCompleted);
        Assert.Equal(1, TcpIp<VirtualPort>.TcpCounters(pair.Right).ListenDrops);
        Assert.Equal(0, TcpIp<VirtualPort>.TcpCounters(pair.Right).OutRsts);
        (await listener.Accept()).Value();
        (await third).Value();
        Assert.Equal(3, TcpIp<VirtualPort>.TcpCounters(pair.Right).PassiveOpens);
    });

    [Fact]
    public void NotAccepted_ListenerIsDisposed_TheClientIsReset() => Run(async pair =>
    {
        var listener = pair.Listen(80);
        var client = await pair.Connect(80);
        await listener.DisposeAsync();
        await listener.DisposeAsync();
        var error = await Assert.ThrowsAsync<FlowException>(async () => await client.Input.ReadAsync());
        Assert.IsType<TcpError.Reset>(error.Error);
        Assert.IsType<TcpError.Closed>((await listener.Accept()).Error());
        pair.Listen(80); // The port is free again.
    });

    [Fact]
    public void PortIsTaken_ListenSaysSo_AndPortZeroFindsAnother() => Run(async pair =>
    {
        await using var first = pair.Listen(80);
        Assert.Equal(new TcpError.PortInUse(80), TcpIp<VirtualPort>.Listen(pair.Right, 80).Error());
        await using var second = pair.Listen(0);
        Assert.InRange(second.Port, EphemeralPorts.First, ushort.MaxValue);
        Assert.Equal(new(IpAddress.Parse("10.0.0.2"), second.Port), second.Reachable);
    });

    [Fact]
    public void AcceptIsCancelled_TheNextOneWorks() => Run(async pair =>
    {
        await using var listener = pair.Listen(80);
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1), _host.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await listener.Accept(source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await listener.Accept(source.Token));
        await pair.Connect(80);
        (await listener.Accept()).Value();
    });

    [Fact]
    public void SecondAcceptAtATime_IsAMistakeOfTheCaller() => Run(async pair =>
    {
        var listener = pair.Listen(80);
        var first = listener.Accept();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await listener.Accept());
        await listener.DisposeAsync();
        Assert.IsType<TcpError.Closed>((await first).Error());
    });

    [Fact]
    public void EveryConnectionIsTaken_OpeningOneMoreSaysSo_AndASynIsNotAnswered()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            await using var pair = new StackPair<VirtualPort, VirtualPort>(_host, left, right, leftMax: 3, rightMax: 2);
            var listener = pair.Listen(80);
            await pair.Connect(80);
            await pair.Connect(80);
            var third = pair.Connect(80);
            var fourth = await TcpIp<VirtualPort>.Connect(pair.Left, StackPair<VirtualPort, VirtualPort>.At(80));
            Assert.IsType<TcpError.TooManyConnections>(fourth.Error());
            await Task.Delay(TimeSpan.FromMilliseconds(500), _host.Time);
            Assert.Equal(1, TcpIp<VirtualPort>.TcpCounters(pair.Right).ListenDrops);
            (await listener.Accept()).Value().Abort();
            await third;
        });
    }

    [Fact]
    public void FewConnections_ThoseInTimeWaitTakeNoneOfThem() => _host.Run(async () =>
    {
        var (left, right) = VirtualPair.Create(_host);
        await using var pair = new StackPair<VirtualPort, VirtualPort>(_host, left, right, rightMax: 2);
        await using var listener = pair.Listen(80);
        var servers = new List<IFlow>();
        for (var round = 0; round < 5; round++)
        {
            var accepting = listener.Accept();
            var client = await pair.Connect(80);
            await client.Write([7]);
            var server = (await accepting).Value();
            servers.Add(server);
            await server.Output.CompleteAsync(); // The server closes first and has TIME-WAIT, its bytes unread.
            await client.DisposeAsync();
            await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
        }

        var engine = TcpIp<VirtualPort>.Engine(pair.Right);
        Assert.Equal((0, 5, 5), (engine.Count, engine.TimeWaits.Count, engine.Held));
        Assert.Equal(0, TcpIp<VirtualPort>.TcpCounters(pair.Right).ListenDrops);
        foreach (var server in servers)
        {
            Assert.Equal([7], await server.Input.ReadToEnd()); // What came before is still there.
            await server.DisposeAsync();
        }
    });

    [Fact]
    public void EveryPortIsTaken_OpeningOneMoreSaysSo()
    {
        var random = new RandomSource(_host);
        Assert.True(EphemeralPorts.TryChoose(random, default, port => port == 40_000, out var chosen));
        Assert.Equal(40_000, chosen);
        Assert.False(EphemeralPorts.TryChoose(random, default, _ => false, out _));
    }

    [Fact]
    [Trait("Hostile", "14")]
    public void Ports_AreSpreadOverTheirRange_AndSkipTakenOnes()
    {
        var random = new RandomSource(_host);
        var taken = new HashSet<ushort>();
        for (var count = 0; count < 2000; count++)
        {
            Assert.True(EphemeralPorts.TryChoose(random, default, port => !taken.Contains(port), out var port));
            Assert.True(taken.Add(port));
        }

        var perEighth = taken.GroupBy(port => (port - EphemeralPorts.First) * 8 / EphemeralPorts.Count).ToList();
        Assert.Equal(8, perEighth.Count);
        Assert.All(perEighth, group => Assert.InRange(group.Count(), 180, 320));
    }

    [Fact]
    [Trait("Hostile", "13")]
    public void InitialSequences_RiseWithTimeForOnePair_AndAreUnrelatedForOthers()
    {
        var sequences = new TcpInitialSequence(SipHash.Random(_host));
        var key = new TcpFlowKey(new(IpAddress.Parse("10.0.0.1"), 1), new(IpAddress.Parse("10.0.0.2"), 2));
        Assert.Equal(250_000u, unchecked(sequences.Next(key, 1_000_000_000) - sequences.Next(key, 0)));
        var steps = Enumerable.Range(1, 1000)
            .Select(port => sequences.Next(key with { Remote = new(key.Remote.Address, (ushort)port) }, 0))
            .ToList();
        Assert.Equal(1000, steps.Distinct().Count());
        Assert.InRange(steps.Count(step => step < uint.MaxValue / 2), 430, 570);
        Assert.NotEqual(sequences.Next(key, 0), new TcpInitialSequence(SipHash.Random(_host)).Next(key, 0));
    }

    [Fact]
    public void TimeWait_SynWithALaterNumber_OpensAConnectionInItsPlace() => _host.Run(async () =>
    {
        var hub = VirtualHub.Create(_host);
        var (left, right, third) = (VirtualHub.Attach(hub), VirtualHub.Attach(hub), VirtualHub.Attach(hub));
        await using var pair = new StackPair<VirtualPort, VirtualPort>(_host, left, right);
        var heard = FrameCollector.On(third);
        await using var listener = pair.Listen(80);
        var accepting = listener.Accept();
        var client = await pair.Connect(80);
        await (await accepting).Value().DisposeAsync(); // The server closes first: TIME-WAIT is on its side.
        await client.Input.ReadToEnd();
        await client.DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
        Assert.Equal(1, TcpIp<VirtualPort>.Engine(pair.Right).TimeWaits.Count);

        var syn = heard.First(frame => frame[23] == 6).ToArray();
        heard.Clear();
        third.Send(syn); // The old SYN once more is answered by an acknowledgment only, RFC 9293 section 3.10.7.4.
        await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
        Assert.DoesNotContain(heard, IsSynAck);

        var number = syn.AsSpan(38);
        BinaryPrimitives.WriteUInt32BigEndian(number, BinaryPrimitives.ReadUInt32BigEndian(number) + 1_000_000);
        FrameChecksum.Complete(syn);
        third.Send(syn);
        await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
        Assert.Contains(heard, IsSynAck);
        var counters = TcpIp<VirtualPort>.TcpCounters(pair.Right);
        Assert.Equal((2, 1), (counters.PassiveOpens, counters.TWRecycled));
    });

    private static bool IsSynAck(byte[] frame) =>
        frame.Length > 47 && frame[23] == 6 && frame[47] == (byte)(TcpFlags.Syn | TcpFlags.Ack);

    private void Run(Func<StackPair<VirtualPort, VirtualPort>, Task> test) => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        await test(pair);
    });
}
