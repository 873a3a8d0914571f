using LanguageExt;

namespace Mirage.Storage;

/// <summary>A partition table: what is on a device, or is to be.</summary>
/// <remarks>Sectors are the device's own, of whatever size. No two partitions overlap, and each has a sector at
/// least.</remarks>
public sealed record PartitionTable
{
    private PartitionTable(PartitionScheme scheme, IReadOnlyList<PartitionEntry> entries) =>
        (Scheme, Entries) = (scheme, [.. entries.OrderBy(static entry => entry.Index)]);

    /// <summary>Which kind of table it is.</summary>
    public PartitionScheme Scheme { get; }

    /// <summary>The partitions by index, an MBR's extended one among them.</summary>
    public IReadOnlyList<PartitionEntry> Entries { get; }

    /// <summary>GPT: what tells disks apart.</summary>
    public Guid DiskId => Layout.DiskId;

    /// <summary>MBR: what tells disks apart.</summary>
    public uint Signature { get; private init; }

    /// <summary>What is wrong with the table on the device.</summary>
    public PartitionFlaws Flaws { get; internal init; }

    /// <summary>A GPT's measures, as far as they are known before it is on a device.</summary>
    internal GptHeader Layout { get; init; }

    /// <summary>A GUID partition table of up to 128 partitions.</summary>
    public static PartitionTable Gpt(Guid diskId, params IReadOnlyList<PartitionEntry> entries) =>
        new(PartitionScheme.Gpt, entries) { Layout = new GptHeader { DiskId = diskId } };

    /// <summary>A master boot record. Partitions from number 5 on are in the extended one: its first sector and the
    /// sector before each of the others hold the chain.</summary>
    public static PartitionTable Mbr(uint signature, params IReadOnlyList<PartitionEntry> entries) =>
        new(PartitionScheme.Mbr, entries) { Signature = signature };

    /// <summary>The sectors that the partitions of a new GPT may have: after the last one comes a backup.</summary>
    public static (long First, long Last) GptRoom(BlockInfo info)
    {
        var layout = GptDisk.NewLayout(info, Guid.Empty);
        return (layout.FirstUsable, layout.LastUsable);
    }

    /// <summary>Reads the table of a device.</summary>
    /// <remarks>
    /// A GPT counts where the boot record announces one; where it announces nothing and holds nothing, a GPT that is
    /// sound counts as well. Of its copies the first one that is sound counts. Any other boot record is an MBR,
    /// whatever lies behind it.</remarks>
    public static ValueTask<Either<PartitionError, PartitionTable>> Read<TBlock>(TBlock block)
        where TBlock : struct, IBlock<TBlock> => PartitionDisk<TBlock>.Read(block);

    /// <summary>Writes a table: durable on return, and until then the device has the old table or the new one. The boot
    /// record's program stays, and so do the records of a hybrid one beside a GPT.</summary>
    /// <remarks>That holds for an MBR's chain only where the one before has no link in the same sectors: links are
    /// written in place, before the boot record, so that a failure or a power cut between them may leave the old boot
    /// record over new links, or over a mix of both.</remarks>
    public static ValueTask<Either<PartitionError, Unit>> Write<TBlock>(TBlock block, PartitionTable table)
        where TBlock : struct, IBlock<TBlock>
    {
        ArgumentNullException.ThrowIfNull(table);
        return PartitionDisk<TBlock>.Write(block, table);
    }

    /// <summary>Writes a GPT anew from its sound copy, the backup at the end of the device as it is now.</summary>
    /// <returns>The table as it is then.</returns>
    public static async ValueTask<Either<PartitionError, PartitionTable>> Repair<TBlock>(TBlock block)
        where TBlock : struct, IBlock<TBlock>
    {
        var outcome = await Read(block);
        if (outcome.Case is not PartitionTable { Scheme: PartitionScheme.Gpt } table)
            return outcome;
        var written = await Write(block, table);
        return written.Case is PartitionError error ? error : await Read(block);
    }
}
