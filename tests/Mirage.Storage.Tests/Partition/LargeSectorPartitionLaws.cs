using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>A partition of a GPT on sectors of 4096 bytes that land by two, and begin in the middle of such a
/// pair.</summary>
public sealed class LargeSectorPartitionLaws : CrashBlockLaws<Partition<SimBlock>>
{
    protected override IReadOnlyList<string> Arguments => ["--partition=7"];

    protected override SimDisk CreateDisk(ulong seed) =>
        PartitionSamples.Disk(PartitionSamples.Gpt, 4096, seed, atomic: 2);
}
