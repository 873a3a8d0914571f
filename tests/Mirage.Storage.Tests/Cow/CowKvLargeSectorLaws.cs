namespace Mirage.Storage.Tests;

/// <summary>The same with sectors of 4096 bytes, and a cache that holds next to nothing.</summary>
public sealed class CowKvLargeSectorLaws : CowKvLaws
{
    protected override int SectorSize => 4096;

    protected override IReadOnlyList<string> Arguments => ["--kv-cache=0"];
}
