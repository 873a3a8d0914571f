using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>A partition without a sector: it is a device of none.</summary>
public sealed class EmptyPartitionLaws : BlockLaws<Partition<SimBlock>>
{
    protected override ValueTask<Partition<SimBlock>> Connect(Host host) => new(Partition<SimBlock>.Over(
        SimBlock.Over(host, new SimDisk(512, 8)), new PartitionEntry(1, 8, 0)));

    protected override async ValueTask Release(Host host, Partition<SimBlock> device) =>
        await Partition<SimBlock>.Disconnect(device);
}
