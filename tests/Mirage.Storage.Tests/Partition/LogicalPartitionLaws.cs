using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>A partition of the chain in an MBR, up to the end of the disk.</summary>
public sealed class LogicalPartitionLaws : CrashBlockLaws<Partition<SimBlock>>
{
    protected override IReadOnlyList<string> Arguments => ["--partition=7"];

    protected override SimDisk CreateDisk(ulong seed) => PartitionSamples.Disk(PartitionSamples.Mbr, 512, seed);
}
