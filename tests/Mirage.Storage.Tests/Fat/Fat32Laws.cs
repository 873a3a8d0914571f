using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>FAT32 on sectors of 512 bytes.</summary>
public sealed class Fat32Laws : KvRwLaws<Fat<SimBlock>>
{
    protected override Host CreateHost(ulong seed)
    {
        var host = new SimHost(seed);
        host.Attach("", FatSamples.Empty(512, 70000, FatKind.Fat32, seed));
        return host;
    }
}
