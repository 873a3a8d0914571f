using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>A store in memory as it was: it is changed afterwards, and taken away.</summary>
public sealed class KvMemSnapshotLaws : KvRoLaws<KvMemSnapshot>
{
    protected override IReadOnlyDictionary<KvKey, byte[]> Content => KvSamples.Content;

    protected override async ValueTask<KvMemSnapshot> Connect(Host host)
    {
        var connected = (await Boot.Connect<KvMem>(host, [])).RightToList().Single();
        var kv = connected.Device;
        foreach (var (key, bytes) in Content)
            await KvMem.Set(kv, key, bytes);
        var snapshot = KvMem.Snapshot(kv).RightToList().Single();
        foreach (var key in Content.Keys)
            await KvMem.SetPartial(kv, key, 0, new byte[3]);
        await KvMem.Rename(kv, KvKey.Root / "names", KvKey.Root / "other");
        await KvMem.Remove(kv, KvKey.Root / "deep");
        await connected.Disconnect();
        return snapshot;
    }
}
