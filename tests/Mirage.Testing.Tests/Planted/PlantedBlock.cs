using LanguageExt;

namespace Mirage.Testing.Tests;

/// <summary>A block device that is as sound as <typeparamref name="TBug"/>.</summary>
public readonly struct PlantedBlock<TBug> : IBlock<PlantedBlock<TBug>> where TBug : SoundBlock, new()
{
    private readonly TBug _core;

    private PlantedBlock(TBug core) => _core = core;

    public static Impl<PlantedBlock<TBug>> Impl => Mirage.Impl.BootHost.Map(
        static host => Over(host, new SimDisk(512, 64)));

    public static PlantedBlock<TBug> Over(Host host, SimDisk disk)
    {
        var core = new TBug();
        core.Open(host, SimBlock.Over(host, disk));
        return new(core);
    }

    public static BlockInfo Info(PlantedBlock<TBug> block) => block._core.Info;

    public static ValueTask<Either<BlockError, Unit>> Read(
        PlantedBlock<TBug> block, long sector, IReadOnlyList<Memory<byte>> buffers) =>
        block._core.Read(sector, buffers);

    public static ValueTask<Either<BlockError, Unit>> Write(
        PlantedBlock<TBug> block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        block._core.Write(sector, buffers);

    public static ValueTask<Either<BlockError, Unit>> Flush(PlantedBlock<TBug> block) => block._core.Flush();

    public static ValueTask<Either<BlockError, Unit>> Discard(PlantedBlock<TBug> block, long sector, long count) =>
        block._core.Discard(sector, count);

    public static ValueTask Disconnect(PlantedBlock<TBug> device) => device._core.Disconnect();
}
