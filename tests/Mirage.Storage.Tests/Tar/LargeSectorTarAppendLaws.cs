using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>An archive that grows from nothing, on large sectors.</summary>
public sealed class LargeSectorTarAppendLaws : KvRoLaws<TarAppend<SimBlock>>
{
    protected override IReadOnlyDictionary<KvKey, byte[]> Content => KvSamples.Content;

    protected override Host CreateHost(ulong seed)
    {
        var host = new SimHost(seed);
        host.Attach("", new SimDisk(4096, 256, seed));
        return host;
    }

    protected override async ValueTask Fill(TarAppend<SimBlock> kv)
    {
        foreach (var (key, bytes) in Content)
            Assert.True((await TarAppend<SimBlock>.Set(kv, key, bytes)).IsRight, $"{key}");
    }
}
