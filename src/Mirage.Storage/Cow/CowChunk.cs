using System.Buffers.Binary;

namespace Mirage.Storage;

/// <summary>Where the bytes of a chunk are: the value of a row whose key is the id of a value and a number.</summary>
/// <remarks>
/// <code>
///   | checksum of all its pages: 4 | generation: 8 | then for each run of pages: | first page: 8 | pages: 4 |
/// </code></remarks>
internal sealed record CowChunk(uint Checksum, IReadOnlyList<CowRun> Runs)
{
    private const int Prefix = 12, RunSize = 12, PagesMax = CowFormat.ChunkMin / CowFormat.PageMin;

    /// <summary>The chunk that a row tells of.</summary>
    /// <param name="row">The row's value.</param>
    /// <param name="pages">How many pages it has; null for whatever it says.</param>
    /// <param name="layout">Where pages can be.</param>
    public static CowAnswer<CowChunk> Parse(ReadOnlySpan<byte> row, int? pages, CowLayout layout)
    {
        var runs = new List<CowRun>();
        var sum = 0L;
        if (row.Length < Prefix || (row.Length - Prefix) % RunSize != 0)
            return new CowFault.Corrupt(0, "a row of a chunk is torn");
        var born = BinaryPrimitives.ReadUInt64LittleEndian(row[4..]);
        for (var at = Prefix; at < row.Length; at += RunSize)
        {
            var run = new CowRun(BinaryPrimitives.ReadInt64LittleEndian(row[at..]),
                BinaryPrimitives.ReadInt32LittleEndian(row[(at + 8)..]), born);
            if (!layout.IsData(run.Page, run.Count) || (sum += run.Count) > (pages ?? PagesMax))
                return new CowFault.Corrupt(run.Page, "a chunk has more pages than there are");
            runs.Add(run);
        }

        return sum == (pages ?? sum)
            ? new CowChunk(BinaryPrimitives.ReadUInt32LittleEndian(row), runs)
            : new CowFault.Corrupt(0, $"a chunk of {pages} pages has {sum}");
    }

    public byte[] Emit(ulong generation)
    {
        var row = new byte[Prefix + (Runs.Count * RunSize)];
        BinaryPrimitives.WriteUInt32LittleEndian(row, Checksum);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(4), generation);
        for (var index = 0; index < Runs.Count; index++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(Prefix + (index * RunSize)), Runs[index].Page);
            BinaryPrimitives.WriteInt32LittleEndian(row.AsSpan(Prefix + (index * RunSize) + 8), Runs[index].Count);
        }

        return row;
    }
}
