using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>A partition of a GPT on sectors of 512 bytes.</summary>
public sealed class PartitionLaws : CrashBlockLaws<Partition<SimBlock>>
{
    protected override IReadOnlyList<string> Arguments => ["--partition=boot"];

    protected override SimDisk CreateDisk(ulong seed) => PartitionSamples.Disk(PartitionSamples.Gpt, 512, seed);
}
