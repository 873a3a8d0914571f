using LanguageExt;

namespace Mirage.Testing.Tests;

public sealed class SimDiskTests
{
    private static readonly TimeSpan s_ms = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void NewDisk_Read_IsZeros() => Run(new(512, 4), async probe =>
        Assert.Equal(new byte[4], await Value(probe.Read(0, 4))));

    [Fact]
    public void TwoTerabytesAndMore_LastSectors_HoldWhatIsWritten() => Run(new(512, 1L << 33), async probe =>
    {
        var last = (1L << 33) - 1;
        await Done(probe.Write(last, 7));
        await Done(probe.Write(1L << 32, 8));
        Assert.Equal([7], await Value(probe.Read(last)));
        Assert.Equal([8], await Value(probe.Read(1L << 32)));
        Assert.Equal([0], await Value(probe.Read(0)));
        await Done(probe.Discard(0, 1L << 33));
        Assert.Equal([0], await Value(probe.Read(last)));
    });

    [Theory]
    [InlineData(256, 1, 1)]
    [InlineData(768, 1, 1)]
    [InlineData(512, -1, 1)]
    [InlineData(512, long.MaxValue / 256, 1)]
    [InlineData(512, 1, 0)]
    [InlineData(512, 1, 2049)]
    public void ImpossibleDisk_IsMade_IsACallersMistake(int sectorSize, long sectors, int atomic) =>
        Assert.ThrowsAny<ArgumentException>(
            () => new SimDisk(new BlockInfo(sectorSize, sectors) { AtomicSectors = atomic }));

    [Fact]
    public void Latency_OfEachKind_PassesInTheHostsTime()
    {
        using var host = new SimHost();
        var disk = new SimDisk(512, 4)
        {
            ReadLatency = Latency.Fixed(s_ms),
            WriteLatency = Latency.Fixed(3 * s_ms),
            FlushLatency = Latency.Fixed(5 * s_ms),
        };
        disk.Inject(new DiskFault.Slow(2));
        host.Run(async () =>
        {
            var probe = new DiskProbe(host, disk);
            await Done(probe.Write(0, 1));
            Assert.Equal(6_000_000, host.Loop.NowNs);
            await Value(probe.Read(0));
            Assert.Equal(8_000_000, host.Loop.NowNs);
            await Done(probe.Flush());
            Assert.Equal(18_000_000, host.Loop.NowNs);
        });
    }

    [Fact]
    public void WritesUnderWayAtOnce_OfRandomLatency_EndInAnotherOrderAndAsOneOfBoth()
    {
        var (orders, winners) = (new SortedSet<string>(), new SortedSet<string>());
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var disk = new SimDisk(512, 4, seed) { WriteLatency = Latency.Uniform(s_ms, 9 * s_ms) };
            var order = "";
            Run(disk, async probe =>
            {
                await Task.WhenAll(Write(1), Write(2), Write(3));
                var seen = await Value(probe.Read(0, 3));
                Assert.All(seen, value => Assert.InRange(value, 1, 3));
                winners.Add(string.Join(',', seen));

                async Task Write(byte value)
                {
                    await Done(probe.Write(0, value, value, value));
                    order += value;
                }
            });
            orders.Add(order);
        }

        Assert.Equal(6, orders.Count);
        Assert.True(winners.Count > 6, "Units of one write have different winners.");
    }

    [Fact]
    public void SameSeed_Run_LeavesTheSameLog()
    {
        Assert.Equal(Log(5), Log(5));
        Assert.NotEqual(Log(5), Log(6));

        static string Log(ulong seed)
        {
            var lines = new List<string>();
            var disk = new SimDisk(512, 64, seed)
            {
                WriteLatency = Latency.Uniform(s_ms, 9 * s_ms),
                Chances = new() { WriteError = 100, ReadError = 100, LostWrite = 50, BitRot = 100 },
                Log = lines.Add,
            };
            for (var boot = 0; boot < 3; boot++)
            {
                Run(disk, async probe =>
                {
                    for (byte step = 0; step < 50; step++)
                        await Task.WhenAll(probe.Write(step, step, step).AsTask(), probe.Read(step).AsTask());
                });
                disk.Crash();
            }

            return string.Join('\n', lines);
        }
    }

    [Fact]
    public void BufferOfAWrite_ChangedTooEarly_IsACallersMistake()
    {
        var disk = new SimDisk(512, 4) { WriteLatency = Latency.Fixed(s_ms) };
        using var host = new SimHost();
        Assert.Throws<InvalidOperationException>(() => host.Run(async () =>
        {
            var buffer = new byte[512];
            var write = SimBlock.Write(SimBlock.Over(host, disk), 0, [buffer]);
            buffer[9] = 1;
            await write;
        }));
    }

    [Fact]
    public void DiskInTheMachine_ByName_IsConnectedByABoot()
    {
        var (plain, tagged) = (new SimDisk(512, 8), new SimDisk(4096, 16));
        using var host = new SimHost();
        host.Attach("", plain);
        host.Attach("data", tagged);
        Assert.Equal(ExitCode.Done, Boot.Run<Writer>(host, []));
        Assert.Equal([5], DiskProbe.Peek(plain, 7, 1));
        Assert.Equal([6], DiskProbe.Peek(tagged, 15, 1));
    }

    [Fact]
    public void NoDiskInTheMachine_Boot_SaysWhatToDo()
    {
        using var host = new SimHost();
        Assert.Equal(ExitCode.Unavailable, Boot.Run<Writer>(host, []));
        Assert.Contains("the machine has no simulated disk", host.ErrorOutput, StringComparison.Ordinal);
    }

    private static void Run(SimDisk disk, Func<DiskProbe, ValueTask> test)
    {
        using var host = new SimHost();
        host.Run(() => test(new DiskProbe(host, disk)));
    }

    private static async ValueTask Done(ValueTask<Either<BlockError, Unit>> outcome) =>
        Assert.True((await outcome).IsRight);

    private static async ValueTask<byte[]> Value(ValueTask<Either<BlockError, byte[]>> outcome) =>
        (await outcome).IfLeft(error => throw new InvalidOperationException(error.ToString()));

    private readonly struct Data : IGroup
    {
        public static string Name => "data";
    }

    private readonly struct Writer : IUnikernel<Writer>
    {
        private readonly (SimBlock Plain, SimBlock<Data> Tagged) _blocks;

        private Writer((SimBlock Plain, SimBlock<Data> Tagged) blocks) => _blocks = blocks;

        public static Impl<Writer> Impl => (Mirage.Impl.Of<SimBlock>(), Mirage.Impl.Of<SimBlock<Data>>()).Apply(
            static (plain, tagged) => new Writer((plain, tagged)));

        public static async ValueTask Start(Writer unikernel, CancellationToken stop)
        {
            await SimBlock.Write(unikernel._blocks.Plain, 7, [Enumerable.Repeat((byte)5, 512).ToArray()]);
            await SimBlock<Data>.Write(unikernel._blocks.Tagged, 15, [Enumerable.Repeat((byte)6, 4096).ToArray()]);
        }
    }
}
