namespace Mirage.Storage;

/// <summary>A partition in a table.</summary>
/// <param name="Index">Its number, from 1 on. In an MBR 1 to 4 are those of the boot record itself, and those of the
/// chain in the extended partition are numbered from 5 on without a gap.</param>
/// <param name="First">The first sector.</param>
/// <param name="Count">Sectors, at least one.</param>
public sealed record PartitionEntry(int Index, long First, long Count)
{
    /// <summary>GPT: what it holds, see <see cref="PartitionTypes"/>.</summary>
    public Guid Type { get; init; }

    /// <summary>GPT: what tells it from every other partition.</summary>
    public Guid Id { get; init; }

    /// <summary>GPT: bits, UEFI 2.10 table 5-8.</summary>
    public ulong Attributes { get; init; }

    /// <summary>GPT: what people call it, at most 36 units of UTF-16.</summary>
    public string Name { get; init; } = "";

    /// <summary>MBR: what it holds, as 0x83 for Linux; 0x05 and 0x0F hold the chain.</summary>
    public byte MbrType { get; init; }

    /// <summary>MBR: whether a PC would boot it.</summary>
    public bool IsActive { get; init; }

    /// <summary>The last sector.</summary>
    internal long Last => First + Count - 1;

    /// <summary>Whether it is the place of the further ones of an MBR.</summary>
    internal bool IsExtended => AsMbr(0).IsExtended;

    /// <summary>Whether it is in that place.</summary>
    internal bool IsLogical => Index > MbrTable.EntryCount;

    /// <summary>The record, its sectors counted from <paramref name="origin"/> on.</summary>
    internal MbrEntry AsMbr(long origin) => new(IsActive, MbrType, (uint)(First - origin), (uint)Count);

    /// <summary>What an MBR's record says, its sectors counted from <paramref name="origin"/> on.</summary>
    internal static PartitionEntry Of(int index, MbrEntry entry, long origin) =>
        new(index, origin + entry.First, entry.Count) { MbrType = entry.Type, IsActive = entry.IsActive };
}
