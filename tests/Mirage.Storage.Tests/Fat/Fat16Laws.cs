using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>FAT16 on sectors of 512 bytes.</summary>
public sealed class Fat16Laws : BoundedKvRwLaws<Fat<SimBlock>>
{
    protected override long TooMuch => 4600L * 512;

    // A disk of many small sectors is slow to fill on a machine that has much to do.
    protected override LawOptions Options => LawOptions.Default with { CaseLimit = LawOptions.Default.Limit };

    protected override Host CreateHost(ulong seed)
    {
        var host = new SimHost(seed);
        host.Attach("", FatSamples.Empty(512, 4600, FatKind.Fat16, seed));
        return host;
    }
}
