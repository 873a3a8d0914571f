using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>A disk in memory of another group, of 300 sectors of 4096 bytes.</summary>
public sealed class LargeSectorRamBlockLaws : BlockLaws<RamBlock<LargeSectorRamBlockLaws.Second>>
{
    protected override bool StartsZeroed => true;

    protected override IReadOnlyList<string> Arguments =>
        ["--second-ram-sector-size=4096", "--second-ram-sectors=300"];

    public readonly struct Second : IGroup
    {
        public static string Name => "second";
    }
}
