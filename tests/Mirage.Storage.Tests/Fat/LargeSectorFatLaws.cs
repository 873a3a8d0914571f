using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>FAT12 on sectors of 4096 bytes.</summary>
public sealed class LargeSectorFatLaws : BoundedKvRwLaws<Fat<SimBlock>>
{
    protected override long TooMuch => 1300L * 4096;

    // A disk of many small sectors is slow to fill on a machine that has much to do.
    protected override LawOptions Options => LawOptions.Default with { CaseLimit = LawOptions.Default.Limit };

    protected override Host CreateHost(ulong seed)
    {
        var host = new SimHost(seed);
        host.Attach("", FatSamples.Empty(4096, 1300, FatKind.Fat12, seed));
        return host;
    }
}
