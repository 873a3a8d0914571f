using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>A master boot record, or one of an extended partition's chain, without the program in it (UEFI 2.10 section
/// 5.2.1).</summary>
/// <remarks>
/// <code>
///  0            440         444       446                        510    512
/// +------------+-----------+---------+--------------------------+------+
/// | program    | signature | unknown | four records of 16 bytes | 55AA |
/// +------------+-----------+---------+--------------------------+------+
/// </code>
/// It fills the first 512 bytes of a sector of whatever size. Writing leaves the program as it is.
/// </remarks>
/// <param name="Signature">What tells disks apart.</param>
/// <param name="First">The first record.</param>
/// <param name="Second">The second.</param>
/// <param name="Third">The third.</param>
/// <param name="Fourth">The fourth.</param>
internal readonly record struct MbrTable(
    uint Signature, MbrEntry First, MbrEntry Second, MbrEntry Third, MbrEntry Fourth)
{
    /// <summary>Bytes of a boot record.</summary>
    public const int Size = 512;

    /// <summary>How many records there are.</summary>
    public const int EntryCount = 4;

    private const int SignatureAt = 440, EntriesAt = 446, MarkAt = 510;
    private const ushort Mark = 0xAA55;

    /// <summary>The record of that place, from 0 on.</summary>
    public MbrEntry this[int index] => index switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        3 => Fourth,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <summary>Whether a GPT is announced.</summary>
    public bool IsProtective => Any(static entry => entry.Type == MbrEntry.Protective);

    /// <summary>Whether a partition is there that is not the announcement of a GPT.</summary>
    public bool HasPartitions => Any(static entry => entry.IsUsed && entry.Type != MbrEntry.Protective);

    /// <summary>A boot record that holds the records in their order.</summary>
    public static MbrTable Of(uint signature, ReadOnlySpan<MbrEntry> entries) => new(
        signature, At(entries, 0), At(entries, 1), At(entries, 2), At(entries, 3));

    /// <summary>Reads a boot record. False without its mark, or where a record is none, as in the boot sector of a file
    /// system.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out MbrTable table)
    {
        table = default;
        if (source.Length < Size || BinaryPrimitives.ReadUInt16LittleEndian(source[MarkAt..]) != Mark)
            return false;
        var records = source[EntriesAt..];
        if (!MbrEntry.TryParse(records, out var first)
            || !MbrEntry.TryParse(records[MbrEntry.Size..], out var second)
            || !MbrEntry.TryParse(records[(2 * MbrEntry.Size)..], out var third)
            || !MbrEntry.TryParse(records[(3 * MbrEntry.Size)..], out var fourth))
            return false;
        table = new(BinaryPrimitives.ReadUInt32LittleEndian(source[SignatureAt..]), first, second, third, fourth);
        return true;
    }

    /// <summary>Writes the boot record into a sector.</summary>
    public void Emit(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination[SignatureAt..], Signature);
        destination[(SignatureAt + 4)..EntriesAt].Clear();
        for (var index = 0; index < EntryCount; index++)
            this[index].Emit(destination[(EntriesAt + (index * MbrEntry.Size))..]);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[MarkAt..], Mark);
    }

    private static MbrEntry At(ReadOnlySpan<MbrEntry> entries, int index) =>
        index < entries.Length ? entries[index] : default;

    private bool Any(Func<MbrEntry, bool> isOne) => isOne(First) || isOne(Second) || isOne(Third) || isOne(Fourth);
}
