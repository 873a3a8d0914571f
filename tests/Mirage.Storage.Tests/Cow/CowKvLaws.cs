using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>The laws of stores, on a disk with sectors of 512 bytes.</summary>
public class CowKvLaws : KvBatchLaws<CowKv<SimBlock>>
{
    protected virtual int SectorSize => 512;

    protected override Host CreateHost(ulong seed)
    {
        var host = new SimHost(seed);
        host.Attach("", new SimDisk(SectorSize, (16 << 20) / SectorSize, seed));
        return host;
    }
}
