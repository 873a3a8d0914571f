using Mirage.Testing;

namespace Mirage.Storage.Tests;

using Inner = Partition<Partition<SimBlock>, NestedPartitionLaws.InnerTag>;

/// <summary>A partition of a partition.</summary>
public sealed class NestedPartitionLaws : CrashBlockLaws<Inner>
{
    protected override IReadOnlyList<string> Arguments => ["--partition=1", "--inner-partition=1"];

    protected override SimDisk CreateDisk(ulong seed)
    {
        var disk = PartitionSamples.Disk(PartitionSamples.Gpt, 512, seed);
        var outer = Partition<SimBlock>.Over(Disks.Block(disk), PartitionSamples.Gpt.Entries[0]);
        Disks.Right(PartitionTable.Write(outer, PartitionTable.Gpt(
            PartitionSamples.DiskId, PartitionSamples.Entry(1, 40, 150, "inner", PartitionTypes.LinuxData))));
        return disk;
    }

    public readonly struct InnerTag : IGroup
    {
        public static string Name => "inner";
    }
}
