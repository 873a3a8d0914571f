using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>A store as it was: it is changed afterwards, again and again.</summary>
public sealed class CowKvSnapshotLaws : KvRoLaws<CowKvSnapshot<SimBlock>>
{
    protected override IReadOnlyDictionary<KvKey, byte[]> Content => KvSamples.Content;

    protected override Host CreateHost(ulong seed)
    {
        var host = new SimHost(seed);
        host.Attach("", new SimDisk(512, 8192));
        return host;
    }

    protected override async ValueTask<CowKvSnapshot<SimBlock>> Connect(Host host)
    {
        var kv = (await CowKvWorld.Open(host)).Device;
        _ = await CowKv<SimBlock>.Remove(kv, KvKey.Root);
        foreach (var (key, bytes) in Content)
            (await CowKv<SimBlock>.Set(kv, key, bytes)).Done();
        var snapshot = CowKv<SimBlock>.Snapshot(kv).Done();
        for (var round = 0; round < 3; round++)
        {
            foreach (var key in Content.Keys)
                _ = await CowKv<SimBlock>.SetPartial(kv, key, 0, new byte[3]);
            _ = await CowKv<SimBlock>.Rename(kv, KvKey.Root / "names", KvKey.Root / "other");
            _ = await CowKv<SimBlock>.Remove(kv, KvKey.Root / "deep");
        }

        return snapshot;
    }
}
