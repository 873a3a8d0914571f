using LanguageExt;

namespace Mirage.Storage;

/// <summary>The two copies of a GPT on a device.</summary>
internal static class GptDisk<TBlock> where TBlock : struct, IBlock<TBlock>
{
    /// <summary>Reads both copies. The second one is where the first says, or in the last sector.</summary>
    public static async ValueTask<(GptCopy Primary, GptCopy Backup)> ReadCopies(TBlock block)
    {
        var last = TBlock.Info(block).SectorCount - 1;
        var primary = await ReadCopy(block, 1);
        var named = primary.Table?.Layout.OtherLba ?? last;
        var backup = await ReadCopy(block, named);
        if (backup.Table is null && named != last)
            backup = await ReadCopy(block, last);
        return (primary, backup);
    }

    /// <summary>Writes both copies and the boot record. The second copy goes first, unless it is the sound one: all the
    /// while one of the two is sound, if one was.</summary>
    public static async ValueTask<Either<PartitionError, Unit>> Write(TBlock block, PartitionTable table)
    {
        var info = TBlock.Info(block);
        if (Layout(table, info, out var primary) is { } fault)
            return new PartitionError.Illegal(fault);
        var entries = Entries(table, primary, info);
        primary = primary with { EntriesCrc = Crc32.Of(entries.AsSpan(0, primary.EntryBytes)) };
        var backup = primary with
        {
            MyLba = primary.OtherLba,
            OtherLba = primary.MyLba,
            EntriesLba = primary.OtherLba - primary.EntrySectors(info),
        };
        var (oldPrimary, oldBackup) = await ReadCopies(block);
        var (before, after) = oldPrimary.Table is null && oldBackup.Table is not null
            ? (primary, backup)
            : (backup, primary);
        var failure = await WriteCopy(block, before, entries) ?? await WriteCopy(block, after, entries)
            ?? await WriteProtective(block, info);
        return failure is null ? Unit.Default : new PartitionError.Device(failure);
    }

    private static async ValueTask<GptCopy> ReadCopy(TBlock block, long lba)
    {
        var info = TBlock.Info(block);
        if (lba < 1 || lba >= info.SectorCount)
            return new(null, $"there is no sector {lba}");
        var sector = new byte[info.SectorSize];
        if (await BlockIo<TBlock>.Read(block, lba, sector) is { } failure)
            return new(null, $"{failure}");
        if ((GptHeader.Parse(sector, out var header) ?? header.Misfit(lba, info)) is { } fault)
            return new(null, fault);
        var entries = new byte[header.EntrySectors(info) * info.SectorSize];
        return await BlockIo<TBlock>.Read(block, header.EntriesLba, entries) is { } unread
            ? new(null, $"{unread}")
            : GptCopy.Of(header, entries, info);
    }

    // What a table that was read says of its measures stays, as far as the device allows.
    private static string? Layout(PartitionTable table, BlockInfo info, out GptHeader layout)
    {
        layout = GptDisk.NewLayout(info, table.DiskId);
        if (table.Layout.EntryCount > 0)
        {
            layout = layout with
            {
                EntryCount = table.Layout.EntryCount,
                EntrySize = table.Layout.EntrySize,
                FirstUsable = table.Layout.FirstUsable,
            };
            layout = layout with { LastUsable = info.SectorCount - layout.EntrySectors(info) - 2 };
        }

        var (room, count) = (layout, layout.EntryCount);
        if (room.FirstUsable < 2 + room.EntrySectors(info) || room.LastUsable < room.FirstUsable)
            return $"{info.SectorCount} sectors have no room for it";
        if (table.Entries.FirstOrDefault(entry => entry.Index < 1 || entry.Index > count) is { } outside)
            return $"there is no partition {outside.Index}";
        if (table.Entries.DistinctBy(static entry => entry.Index).Count() < table.Entries.Count)
            return "two partitions have one index";
        if (table.Entries.FirstOrDefault(static entry => entry.Type == Guid.Empty) is { } untyped)
            return $"partition {untyped.Index} has no type";
        if (table.Entries.FirstOrDefault(static entry => entry.Name.Length > GptEntry.NameMax) is { } named)
            return $"the name of partition {named.Index} is longer than {GptEntry.NameMax}";
        return PartitionRules.Broken(table.Entries, room.FirstUsable, room.LastUsable);
    }

    private static byte[] Entries(PartitionTable table, GptHeader layout, BlockInfo info)
    {
        var bytes = new byte[layout.EntrySectors(info) * info.SectorSize];
        foreach (var entry in table.Entries)
            new GptEntry(entry.Type, entry.Id, entry.First, entry.Last, entry.Attributes, entry.Name)
                .Emit(bytes.AsSpan((entry.Index - 1) * (int)layout.EntrySize));
        return bytes;
    }

    private static async ValueTask<BlockError?> WriteCopy(TBlock block, GptHeader header, byte[] entries)
    {
        var sector = new byte[TBlock.Info(block).SectorSize];
        header.Emit(sector);
        return await BlockIo<TBlock>.Write(block, header.EntriesLba, entries)
            ?? await BlockIo<TBlock>.Write(block, header.MyLba, sector)
            ?? await BlockIo<TBlock>.Flush(block);
    }

    // UEFI 2.10 section 5.2.3: one record over the whole disk, as far as 32 bits count.
    private static async ValueTask<BlockError?> WriteProtective(TBlock block, BlockInfo info)
    {
        var sector = new byte[info.SectorSize];
        if (await BlockIo<TBlock>.Read(block, 0, sector) is { } unread and not BlockError.Io)
            return unread;
        var isHybrid = MbrTable.TryParse(sector, out var old) && old is { IsProtective: true, HasPartitions: true };
        if (isHybrid)
            return null;
        var whole = new MbrEntry(false, MbrEntry.Protective, 1, (uint)Math.Min(info.SectorCount - 1, uint.MaxValue));
        MbrTable.Of(old.Signature, [whole]).Emit(sector);
        return await BlockIo<TBlock>.Write(block, 0, sector) ?? await BlockIo<TBlock>.Flush(block);
    }
}
