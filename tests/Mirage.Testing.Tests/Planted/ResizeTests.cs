using LanguageExt;
using Mirage.Storage;

namespace Mirage.Testing.Tests;

/// <summary>Disks in memory that are resized wrongly.</summary>
public class ResizeTests
{
    [Fact]
    public void SoundDisk_Holds() => new Laws<Sound>().B23_ResizeKeepsTheFrontAndGrowsByZeros();

    [Fact]
    public void DiskThatBringsBackWhatItLost_IsCaught() =>
        Caught.By("B23", new Laws<BringsBack>().B23_ResizeKeepsTheFrontAndGrowsByZeros);

    [Fact]
    public void DiskThatBeginsAnew_IsCaught() =>
        Caught.By("B23", new Laws<BeginsAnew>().B23_ResizeKeepsTheFrontAndGrowsByZeros);

    [Fact]
    public void DiskThatHasRoomForEverything_IsCaught() =>
        Caught.By("B23", new Laws<HasRoom>().B23_ResizeKeepsTheFrontAndGrowsByZeros);

    [Fact]
    public void DiskThatSaysThatItCanAndCannot_IsCaught() =>
        Caught.By("B23", new Laws<CannotResize>().B23_ResizeKeepsTheFrontAndGrowsByZeros);

    private sealed class Laws<TBug> : BlockLaws<Disk<TBug>> where TBug : IBug;

    private interface IBug
    {
        static virtual ValueTask<Either<BlockError, Unit>> Resize(Core core, long sectorCount) =>
            RamBlock.Resize(core.Ram, sectorCount);
    }

    private sealed record Core(RamBlock Ram)
    {
        public long Count { get; set; } = RamBlock.Info(Ram).SectorCount;
    }

    private readonly struct Disk<TBug>(Core core) : IBlock<Disk<TBug>> where TBug : IBug
    {
        private readonly Core _core = core;

        public static Impl<Disk<TBug>> Impl => Mirage.Impl.Of<RamBlock>().Map(
            static ram => new Disk<TBug>(new Core(ram)));

        public static BlockInfo Info(Disk<TBug> block) =>
            RamBlock.Info(block._core.Ram) with { SectorCount = block._core.Count };

        public static ValueTask<Either<BlockError, Unit>> Read(
            Disk<TBug> block, long sector, IReadOnlyList<Memory<byte>> buffers) =>
            Info(block).RefuseRead(sector, buffers, out _) is { } error
                ? new(error)
                : RamBlock.Read(block._core.Ram, sector, buffers);

        public static ValueTask<Either<BlockError, Unit>> Write(
            Disk<TBug> block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
            RamBlock.Write(block._core.Ram, sector, buffers);

        public static ValueTask<Either<BlockError, Unit>> Flush(Disk<TBug> block) => RamBlock.Flush(block._core.Ram);

        public static async ValueTask<Either<BlockError, Unit>> Resize(Disk<TBug> block, long sectorCount)
        {
            var outcome = await TBug.Resize(block._core, sectorCount);
            if (outcome.IsRight)
                block._core.Count = sectorCount;
            return outcome;
        }
    }

    private sealed class Sound : IBug;

    private sealed class BringsBack : IBug
    {
        public static ValueTask<Either<BlockError, Unit>> Resize(Core core, long sectorCount) =>
            sectorCount >= 0 && sectorCount < RamBlock.Info(core.Ram).SectorCount
                ? new(Unit.Default)
                : RamBlock.Resize(core.Ram, sectorCount);
    }

    private sealed class BeginsAnew : IBug
    {
        public static async ValueTask<Either<BlockError, Unit>> Resize(Core core, long sectorCount)
        {
            await RamBlock.Resize(core.Ram, 0);
            return await RamBlock.Resize(core.Ram, sectorCount);
        }
    }

    private sealed class HasRoom : IBug
    {
        public static ValueTask<Either<BlockError, Unit>> Resize(Core core, long sectorCount) =>
            sectorCount == long.MaxValue ? new(Unit.Default) : RamBlock.Resize(core.Ram, sectorCount);
    }

    private sealed class CannotResize : IBug
    {
        public static ValueTask<Either<BlockError, Unit>> Resize(Core core, long sectorCount) =>
            new(new BlockError.Unsupported("resize"));
    }
}
