using LanguageExt;

namespace Mirage.Storage;

/// <summary>Tells which table a device has.</summary>
internal static class PartitionDisk<TBlock> where TBlock : struct, IBlock<TBlock>
{
    public static async ValueTask<Either<PartitionError, PartitionTable>> Read(TBlock block)
    {
        var info = TBlock.Info(block);
        if (info.SectorCount == 0)
            return new PartitionError.NoTable();
        var sector = new byte[info.SectorSize];
        var failure = await BlockIo<TBlock>.Read(block, 0, sector);
        // A boot record that cannot be read is a missing one; whatever else it is, the rest cannot be read either.
        if (failure is not (null or BlockError.Io))
            return new PartitionError.Device(failure);
        MbrTable? mbr = failure is null && MbrTable.TryParse(sector, out var parsed) ? parsed : null;
        if (mbr is { IsProtective: false, HasPartitions: true } records)
            return await MbrDisk<TBlock>.Read(block, records);

        var isAnnounced = mbr is { IsProtective: true };
        var (primary, backup) = await GptDisk<TBlock>.ReadCopies(block);
        if ((primary.Table ?? backup.Table) is { } table)
            return table with { Flaws = Flaws(primary, backup, mbr) };
        if (isAnnounced)
            return new PartitionError.Corrupt(
                $"both copies of the GPT are; the first: {primary.Fault}; the second: {backup.Fault}");
        if (failure is not null)
            return new PartitionError.Device(failure);
        return mbr is { } empty ? await MbrDisk<TBlock>.Read(block, empty) : new PartitionError.NoTable();
    }

    public static ValueTask<Either<PartitionError, Unit>> Write(TBlock block, PartitionTable table) =>
        table.Scheme is PartitionScheme.Gpt
            ? GptDisk<TBlock>.Write(block, table)
            : MbrDisk<TBlock>.Write(block, table);

    private static PartitionFlaws Flaws(GptCopy primary, GptCopy backup, MbrTable? mbr)
    {
        var flaws = PartitionFlaws.None;
        if (mbr is not { IsProtective: true } boot)
            flaws |= PartitionFlaws.NoProtectiveMbr;
        else if (boot.HasPartitions)
            flaws |= PartitionFlaws.HybridMbr;
        if (primary.Table is null)
            flaws |= PartitionFlaws.Primary;
        else if (backup.Table is null || !primary.Agrees(backup))
            flaws |= PartitionFlaws.Backup;
        return flaws;
    }
}
