namespace Mirage.Testing.Tests;

/// <summary>The simulated disk, and a functor over it, obey the laws of block devices at all sizes.</summary>
public static class SimBlockTests
{
    private static readonly Latency s_latency =
        Latency.Uniform(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(9));

    public sealed class Of512 : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) => new(512, 256, seed);
    }

    public sealed class Of1024 : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) => new(1024, 256, seed);
    }

    public sealed class Of2048 : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) => new(2048, 256, seed);
    }

    public sealed class Of4096 : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) => new(4096, 256, seed);
    }

    public sealed class Of65536 : Plain
    {
        protected override LawOptions Options => LawOptions.Default with { Cases = 10, Size = 10 };

        protected override SimDisk CreateDisk(ulong seed) => new(65_536, 256, seed);
    }

    public sealed class OfNoSector : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) => new(512, 0, seed);
    }

    public sealed class OfOneSector : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) => new(512, 1, seed);
    }

    public sealed class OfTwoSectors : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) => new(4096, 2, seed);
    }

    public sealed class OfFourTerabytes : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) => new(512, 1L << 33, seed);
    }

    public sealed class OfLargeAtomicUnits : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) =>
            new(new BlockInfo(512, 64) { AtomicSectors = 4 }, seed);
    }

    public sealed class ReadOnly : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) => new(new BlockInfo(512, 64) { ReadOnly = true }, seed);
    }

    public sealed class WithLatency512 : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) =>
            new(512, 64, seed) { ReadLatency = s_latency, WriteLatency = s_latency, FlushLatency = s_latency };
    }

    public sealed class WithLatency4096 : Plain
    {
        protected override SimDisk CreateDisk(ulong seed) =>
            new(4096, 64, seed) { ReadLatency = s_latency, WriteLatency = s_latency, FlushLatency = s_latency };
    }

    public sealed class Part512 : PartLaws
    {
        protected override SimDisk CreateDisk(ulong seed) => new(512, 64, seed);
    }

    public sealed class Part4096 : PartLaws
    {
        protected override SimDisk CreateDisk(ulong seed) =>
            new(4096, 64, seed) { ReadLatency = s_latency, WriteLatency = s_latency };
    }

    /// <summary>As a device of a boot.</summary>
    public sealed class InAMachine : BlockLaws<SimBlock>
    {
        protected override bool StartsZeroed => true;

        protected override Host CreateHost(ulong seed)
        {
            var host = new SimHost(seed);
            host.Attach("", new SimDisk(512, 64, seed));
            return host;
        }
    }

    public abstract class Plain : CrashBlockLaws<SimBlock>
    {
        protected override bool StartsZeroed => true;

        protected override ValueTask<SimBlock> Connect(Host host, SimDisk disk) => new(SimBlock.Over(host, disk));
    }

    public abstract class PartLaws : CrashBlockLaws<Part<SimBlock>>
    {
        protected override bool StartsZeroed => true;
    }
}
