using LanguageExt;

namespace Mirage.Storage;

/// <summary>A master boot record and the chain of its extended partition on a device.</summary>
internal static class MbrDisk<TBlock> where TBlock : struct, IBlock<TBlock>
{
    /// <summary>The most partitions in a chain.</summary>
    internal const int LogicalMax = 128;

    public static async ValueTask<Either<PartitionError, PartitionTable>> Read(TBlock block, MbrTable boot)
    {
        var entries = new List<PartitionEntry>();
        for (var index = 0; index < MbrTable.EntryCount; index++)
        {
            if (boot[index].IsUsed)
                entries.Add(PartitionEntry.Of(index + 1, boot[index], 0));
        }

        var last = TBlock.Info(block).SectorCount - 1;
        if (PartitionRules.Broken(entries, 1, last) is { } fault)
            return new PartitionError.Corrupt(fault);
        var extended = entries.Where(static entry => entry.IsExtended).ToList();
        if (extended.Count > 1)
            return new PartitionError.Corrupt("there are two extended partitions");
        if (extended.Count == 1 && await ReadChain(block, extended[0], entries) is { } error)
            return error;
        return PartitionTable.Mbr(boot.Signature, entries);
    }

    /// <summary>Writes the chain first: until the boot record is new, nothing says that it is there, unless the old
    /// chain has links in the same sectors.</summary>
    public static async ValueTask<Either<PartitionError, Unit>> Write(TBlock block, PartitionTable table)
    {
        var info = TBlock.Info(block);
        if (Illegal(table, info) is { } fault)
            return new PartitionError.Illegal(fault);
        var failure = await WriteChain(block, table) ?? await BlockIo<TBlock>.Flush(block)
            ?? await WriteBoot(block, table) ?? await ForgetGpt(block, table);
        return failure is null ? Unit.Default : new PartitionError.Device(failure);
    }

    // Each link has a partition, counted from itself on, and the next link, counted from the extended partition on. It
    // may be anywhere in it, so that only counting ends a loop.
    private static async ValueTask<PartitionError?> ReadChain(
        TBlock block, PartitionEntry extended, List<PartitionEntry> entries)
    {
        var sector = new byte[TBlock.Info(block).SectorSize];
        var logical = new List<PartitionEntry>();
        var links = new System.Collections.Generic.HashSet<long>();
        for (long? at = extended.First; at is { } link;)
        {
            if (link > extended.Last || !links.Add(link) || links.Count > LogicalMax)
                return new PartitionError.Corrupt(
                    $"the chain of partition {extended.Index} loops, leaves it, or has more than {LogicalMax} links");
            if (await BlockIo<TBlock>.Read(block, link, sector) is { } failure)
                return new PartitionError.Device(failure);
            if (!MbrTable.TryParse(sector, out var record))
                return new PartitionError.Corrupt($"sector {link} is no link of the chain");
            if (record.First.IsUsed)
                logical.Add(PartitionEntry.Of(MbrTable.EntryCount + 1 + logical.Count, record.First, link));
            at = record.Second.IsExtended ? extended.First + record.Second.First : null;
        }

        if (PartitionRules.Broken(logical, extended.First + 1, extended.Last) is { } fault)
            return new PartitionError.Corrupt(fault);
        if (logical.Find(entry => links.Any(link => link >= entry.First && link <= entry.Last)) is { } covers)
            return new PartitionError.Corrupt($"partition {covers.Index} lies over the chain");
        entries.AddRange(logical);
        return null;
    }

    private static string? Illegal(PartitionTable table, BlockInfo info)
    {
        var (primary, logical) = (table.Entries.Where(static entry => !entry.IsLogical).ToList(), Logical(table));
        if (primary.Any(static entry => entry.Index < 1)
            || primary.DistinctBy(static entry => entry.Index).Count() < primary.Count
            || logical.Index().Any(static pair => pair.Item.Index != MbrTable.EntryCount + 1 + pair.Index))
            return "partitions are numbered 1 to 4, and those of the chain from 5 on without a gap";
        if (logical.Count > LogicalMax)
            return $"a chain has {LogicalMax} partitions at most";
        if (table.Entries.FirstOrDefault(static entry => entry.MbrType is 0 or MbrEntry.Protective) is { } untyped)
            return $"partition {untyped.Index} has no type";
        if (PartitionRules.Broken(primary, 1, Math.Min(info.SectorCount, uint.MaxValue) - 1) is { } fault)
            return fault;
        var extended = primary.Where(static entry => entry.IsExtended).ToList();
        if (extended.Count > 1 || logical.Any(static entry => entry.IsExtended))
            return "there are two extended partitions";
        if (logical.Count == 0)
            return null;
        if (extended.Count == 0)
            return "there is no extended partition for the chain";
        // Each has a link before it: in the extended partition's first sector, and right before it.
        var ordered = logical.OrderBy(static entry => entry.First).ToList();
        return ordered.SequenceEqual(logical)
            ? PartitionRules.Broken(logical.Skip(1)
                .Select(static entry => entry with { First = entry.First - 1, Count = entry.Count + 1 })
                .Prepend(logical[0]), extended[0].First + 1, extended[0].Last)
            : "the partitions of the chain are not in the order of their sectors";
    }

    private static List<PartitionEntry> Logical(PartitionTable table) =>
        [.. table.Entries.Where(static entry => entry.IsLogical)];

    private static async ValueTask<BlockError?> WriteChain(TBlock block, PartitionTable table)
    {
        if (table.Entries.FirstOrDefault(static entry => entry.IsExtended) is not { } extended)
            return null;
        var logical = Logical(table);
        // An empty extended partition has a link without a partition.
        for (var index = 0; index < Math.Max(1, logical.Count); index++)
        {
            var sector = new byte[TBlock.Info(block).SectorSize];
            var link = LinkOf(index);
            var own = logical.Count > 0 ? logical[index].AsMbr(link) : default;
            var next = index + 1 < logical.Count
                ? new MbrEntry(false, 0x05, (uint)(LinkOf(index + 1) - extended.First),
                    (uint)(logical[index + 1].Last - LinkOf(index + 1) + 1))
                : default;
            MbrTable.Of(0, [own, next]).Emit(sector);
            if (await BlockIo<TBlock>.Write(block, link, sector) is { } failure)
                return failure;
        }

        return null;

        long LinkOf(int index) => index == 0 ? extended.First : logical[index].First - 1;
    }

    // A GPT that was here would be found again behind an MBR that has nothing in it.
    private static async ValueTask<BlockError?> ForgetGpt(TBlock block, PartitionTable table)
    {
        var info = TBlock.Info(block);
        var sector = new byte[info.SectorSize];
        foreach (var lba in new[] { 1, info.SectorCount - 1 }.Where(lba => lba > 0 && lba < info.SectorCount))
        {
            if (table.Entries.Any(entry => lba >= entry.First && lba <= entry.Last))
                continue;
            if (await BlockIo<TBlock>.Read(block, lba, sector) is { } unread)
                return unread;
            if (!GptHeader.IsMarked(sector))
                continue;
            sector.AsSpan().Clear();
            if (await BlockIo<TBlock>.Write(block, lba, sector) is { } unwritten)
                return unwritten;
        }

        return await BlockIo<TBlock>.Flush(block);
    }

    private static async ValueTask<BlockError?> WriteBoot(TBlock block, PartitionTable table)
    {
        var sector = new byte[TBlock.Info(block).SectorSize];
        if (await BlockIo<TBlock>.Read(block, 0, sector) is { } unread)
            return unread;
        var records = new MbrEntry[MbrTable.EntryCount];
        foreach (var entry in table.Entries.Where(static entry => !entry.IsLogical))
            records[entry.Index - 1] = entry.AsMbr(0);
        MbrTable.Of(table.Signature, records).Emit(sector);
        return await BlockIo<TBlock>.Write(block, 0, sector) ?? await BlockIo<TBlock>.Flush(block);
    }
}
