using LanguageExt;

namespace Mirage.Testing.Tests;

/// <summary>Short words for what a test does with a disk.</summary>
internal sealed class DiskProbe(Host host, SimDisk disk)
{
    private readonly SimBlock _block = SimBlock.Over(host, disk);

    public ValueTask<Either<BlockError, Unit>> Write(long sector, params byte[] values) =>
        SimBlock.Write(_block, sector, [Sectors(values)]);

    public async ValueTask<Either<BlockError, byte[]>> Read(long sector, int count = 1)
    {
        var bytes = new byte[count * disk.Info.SectorSize];
        var outcome = await SimBlock.Read(_block, sector, [bytes]);
        return outcome.Map(_ => Enumerable.Range(0, count).Select(index => bytes[index * disk.Info.SectorSize])
            .ToArray());
    }

    public ValueTask<Either<BlockError, Unit>> Flush() => SimBlock.Flush(_block);

    public ValueTask<Either<BlockError, Unit>> Discard(long sector, long count) =>
        SimBlock.Discard(_block, sector, count);

    /// <summary>The first byte of each sector, as the disk has it now.</summary>
    public static byte[] Peek(SimDisk disk, long sector, int count)
    {
        var bytes = new byte[count * disk.Info.SectorSize];
        disk.Peek(sector, bytes);
        return [.. Enumerable.Range(0, count).Select(index => bytes[index * disk.Info.SectorSize])];
    }

    /// <summary>A sector for each value, filled with it.</summary>
    public byte[] Sectors(params byte[] values) =>
        [.. values.SelectMany(value => Enumerable.Repeat(value, disk.Info.SectorSize))];
}
