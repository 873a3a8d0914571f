using System.Buffers;

namespace Mirage.Testing.Tests;

/// <summary>What links do to frames: a machine sends numbered frames, another one notes what arrives and
/// when.</summary>
public sealed class SimNetTests
{
    private const int Frames = 10_000;
    private static readonly TimeSpan s_gap = TimeSpan.FromMilliseconds(1);
    private readonly SimWorld _world;

    public SimNetTests() : this(new SimWorld(5)) { }

    private SimNetTests(SimWorld world) => _world = world;

    [Fact]
    public void NothingWrong_EveryFrame_ArrivesOnceInOrderAfterTheLatency()
    {
        var seen = Send(new LinkModel { Latency = Latency.Fixed(TimeSpan.FromMilliseconds(7)) });
        Assert.Equal(Enumerable.Range(0, Frames), seen.Select(static it => it.Number));
        Assert.All(seen, static it => Assert.Equal(TimeSpan.FromMilliseconds(7), it.Took));
        Assert.Equal(0, _world.Faults.Total);
    }

    [Fact]
    public void Jitter_KeepsTheOrder()
    {
        var seen = Send(new LinkModel { Latency = Latency.Exponential(TimeSpan.Zero, TimeSpan.FromMilliseconds(20)) });
        Assert.Equal(Enumerable.Range(0, Frames), seen.Select(static it => it.Number));
        Assert.True(seen.Select(static it => it.Took).Distinct().Count() > Frames / 2);
    }

    [Fact]
    public void Loss_OfATenth_LosesATenth()
    {
        var seen = Send(new LinkModel { LossPermille = 100 });
        Assert.InRange(Frames - seen.Count, 850, 1150);
        Assert.Equal(Frames - seen.Count, _world.Faults["lost"]);
    }

    [Fact]
    public void Bursts_LoseFramesInARow()
    {
        var seen = Send(new LinkModel { Bursts = new LossBursts(EnterPermille: 5, LeavePermille: 100) });
        var lost = Frames - seen.Count;
        Assert.InRange(lost, 200, 900);
        var runs = seen.Zip(seen.Skip(1)).Count(static pair => pair.Item2.Number > pair.Item1.Number + 1);
        Assert.InRange((double)lost / runs, 5, 20); // Ten on average.
    }

    [Fact]
    public void Duplicates_ArriveTwice()
    {
        var seen = Send(new LinkModel { DuplicatePermille = 100 });
        Assert.InRange(seen.Count - Frames, 850, 1150);
        Assert.Equal(Frames, seen.Select(static it => it.Number).Distinct().Count());
    }

    [Fact]
    public void Reordering_OvertakesAndLosesNothing()
    {
        var seen = Send(new LinkModel { ReorderPermille = 100 });
        Assert.Equal(Frames, seen.Count);
        Assert.InRange(seen.Zip(seen.Skip(1)).Count(static pair => pair.Item2.Number < pair.Item1.Number), 500, 1200);
    }

    [Fact]
    public void Corruption_FlipsOneBit()
    {
        var seen = Send(new LinkModel { CorruptPermille = 1000 });
        Assert.Equal(Frames, seen.Count);
        Assert.All(seen, static it => Assert.Equal(1, it.WrongBits));
    }

    [Fact]
    public void BlackHole_SwallowsWhatIsLongerOnly()
    {
        Assert.Empty(Send(new LinkModel { BlackHoleMtu = 99 }));
        Assert.Equal(Frames, _world.Faults["black hole"]);
    }

    [Fact]
    public void BlackHole_OfThatSize_LetsPass() =>
        Assert.Equal(Frames, Send(new LinkModel { BlackHoleMtu = 100 }).Count);

    [Fact]
    public void Rate_SlowerThanTheSender_FillsTheQueueAndDrops()
    {
        // 114 bytes a millisecond are offered, and half of that is carried.
        var seen = Send(new LinkModel { BitsPerSecond = 57 * 8 * 1000, QueueBytes = 1140 });
        Assert.InRange(seen.Count, 4900, 5100);
        Assert.Equal(Frames - seen.Count, _world.Faults["overflow"]);
        Assert.All(seen.Skip(100), static it => Assert.InRange(it.Took.TotalMilliseconds, 18, 24));
    }

    [Fact]
    public void Partition_BothWays_UntilHealed()
    {
        var (one, other) = Pair(new LinkModel());
        var cut = one.Net.Partition(one.Machine);
        Ask(one);
        Ask(other);
        Assert.Equal(2, _world.Faults["cut"]);
        cut.Dispose();
        Ask(one);
        Assert.Equal(2, _world.Faults["cut"]);
    }

    [Fact]
    public void Cut_OneWay_TheOtherWorks()
    {
        var (one, other) = Pair(new LinkModel());
        one.Net.Cut(one.Machine, other.Machine);
        Ask(other);
        Assert.Equal(0, _world.Faults["cut"]);
        Ask(one);
        Assert.Equal(1, _world.Faults["cut"]);
        one.Net.Heal();
        Ask(one);
        Assert.Equal(1, _world.Faults["cut"]);
    }

    [Fact]
    public void MachineOff_Frames_AreNoFaultAndNotKept()
    {
        var (one, other) = Pair(new LinkModel());
        other.Machine.Crash();
        Ask(one);
        Assert.Equal(0, _world.Faults.Total);
        Assert.Equal(0, one.Net.FramesUnderWay);
    }

    [Fact]
    public void TooLong_IsRefused()
    {
        var (one, _) = Pair(new LinkModel());
        Assert.Equal(WriteStatus.TooLong, Write(one, 0, 1501));
        Assert.Equal(WriteStatus.Ok, Write(one, 0, 1500));
    }

    [Fact]
    public void SetModel_OneWay_IsSlowThatWayOnly()
    {
        var net = _world.AddNet();
        var (from, to) = (Machine("a", net), Machine("b", net));
        net.SetModel(from.Machine, to.Machine, new LinkModel { Latency = Latency.Fixed(TimeSpan.FromSeconds(1)) });
        _world.Run(s_gap);
        Write(from, 0, 100);
        Write(to, 0, 100);
        _world.Run(TimeSpan.FromMilliseconds(10));
        Assert.Equal(1, net.FramesUnderWay);
        _world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(0, net.FramesUnderWay);
    }

    [Fact]
    public void SetModel_MachineWithoutPort_Throws()
    {
        var net = _world.AddNet();
        var port = Machine("a", net);
        Assert.Throws<ArgumentException>(
            () => net.SetModel(port.Machine, _world.AddMachine("b"), new LinkModel()));
    }

    // Or a plan could not be shrunk: without one fault, others would do something else.
    [Fact]
    public void TroubleThatIsOver_ChangesNoFateOfLaterFrames()
    {
        var with = Late(new SimWorld(9), troubled: true);
        var without = Late(new SimWorld(9), troubled: false);
        Assert.True(with.Count < Frames / 2);
        Assert.Equal(without, with);

        static List<int> Late(SimWorld world, bool troubled)
        {
            var test = new SimNetTests(world);
            if (troubled)
                FaultPlan.Parse("0s for 2s worsen * loss=300 duplicate=100 reorder=100 corrupt=100").Apply(world);
            var seen = test.Send(new LinkModel { LossPermille = 100, ReorderPermille = 50 });
            return [.. seen.Select(static it => it.Number).Where(static number => number > 6000)];
        }
    }

    [Fact]
    public void OldDevice_DisconnectedAgain_LeavesItsSuccessorAlone()
    {
        var host = SimNetifWorlds.Open(1, new LinkModel());
        var statuses = host.Run(async () =>
        {
            var old = SimNetif.On(host);
            await SimNetif.Disconnect(old);
            var next = SimNetif.On(host);
            await SimNetif.Disconnect(old);
            return (Write(old), Write(next));
        });
        Assert.Equal((WriteStatus.Disconnected, WriteStatus.Ok), statuses);

        static WriteStatus Write(SimNetif link)
        {
            var frame = new TransmitFrame(new byte[TransmitFrame.Room], ReadOnlySequence<byte>.Empty);
            frame.Prepend(14).Fill(0xFF);
            return SimNetif.Write(link, ref frame);
        }
    }

    private List<(int Number, TimeSpan Took, int WrongBits)> Send(LinkModel model)
    {
        var seen = new List<(int, TimeSpan, int)>();
        var (from, to) = Pair(model);
        to.Listen((in ReceivedFrame frame) =>
        {
            var number = BitConverter.ToInt32(frame.Bytes[14..]);
            // A frame whose number was hit is told by its copy.
            var copy = BitConverter.ToInt32(frame.Bytes[18..]);
            var third = BitConverter.ToInt32(frame.Bytes[22..]);
            var sent = number == copy || number == third ? number : copy;
            seen.Add((sent, _world.Now - (s_gap * (sent + 1)), WrongBits(frame.Bytes, to, sent)));
        });
        for (var number = 0; number < Frames; number++)
        {
            var it = number;
            _world.At(_world.Now + (s_gap * it), () => Write(from, it, 100));
        }

        _world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(0, from.Net.FramesUnderWay);
        return seen;
    }

    private static int WrongBits(ReadOnlySpan<byte> frame, SimPort to, int number)
    {
        var right = Bytes(to, number, 100);
        var wrong = 0;
        for (var index = 0; index < frame.Length; index++)
            wrong += System.Numerics.BitOperations.PopCount((uint)(frame[index] ^ right[index]));
        return wrong;
    }

    private (SimPort From, SimPort To) Pair(LinkModel model)
    {
        var net = _world.AddNet(model: model);
        var pair = (Machine("a", net), Machine("b", net));
        _world.Run(s_gap);
        return pair;
    }

    private SimPort Machine(string name, SimNet net)
    {
        var machine = _world.AddMachine(name);
        var port = net.Attach(machine);
        machine.Run(static host =>
        {
            SimNetif.On(host);
            return new(Task.Delay(Timeout.InfiniteTimeSpan, host.Time));
        });
        return port;
    }

    private void Ask(SimPort port)
    {
        Write(port, 0, 100);
        _world.Run(TimeSpan.FromSeconds(1));
    }

    private static WriteStatus Write(SimPort from, int number, int length)
    {
        var to = from.Net.Ports.First(port => port != from);
        var frame = new TransmitFrame(
            new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(Bytes(to, number, length)[14..]));
        to.Info.Mac.Write(frame.Prepend(14));
        frame.Header[6..].Clear();
        return from.Write(ref frame);
    }

    private static byte[] Bytes(SimPort to, int number, int length)
    {
        var bytes = new byte[14 + length];
        to.Info.Mac.Write(bytes);
        for (var at = 14; at + 4 <= bytes.Length; at += 4)
            BitConverter.TryWriteBytes(bytes.AsSpan(at), number);
        return bytes;
    }
}
