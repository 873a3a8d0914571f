using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>The disk in memory, of sectors of 512 bytes.</summary>
public sealed class RamBlockLaws : BlockLaws<RamBlock>
{
    protected override bool StartsZeroed => true;
}
