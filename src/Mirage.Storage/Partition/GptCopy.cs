namespace Mirage.Storage;

/// <summary>One of the two copies of a GPT: a table, or what is wrong with it.</summary>
/// <param name="Table">What a sound copy says.</param>
/// <param name="Fault">Why the copy is not sound.</param>
internal sealed record GptCopy(PartitionTable? Table, string Fault)
{
    /// <summary>Reads the entries that a header says are there.</summary>
    public static GptCopy Of(GptHeader header, ReadOnlySpan<byte> entries, BlockInfo info)
    {
        entries = entries[..header.EntryBytes];
        if (Crc32.Of(entries) != header.EntriesCrc)
            return new(null, "the checksum of the entries is wrong");
        var partitions = new List<PartitionEntry>();
        for (var index = 0; index < header.EntryCount; index++)
        {
            if (!GptEntry.TryParse(entries[(index * (int)header.EntrySize)..], out var entry) || !entry.IsUsed)
                continue;
            // What has its end before its beginning has no sector; what is so far apart that the count overflows, too.
            var count = entry.Last < entry.First || entry.First < 0 ? 0 : entry.Last - entry.First + 1;
            partitions.Add(new(index + 1, entry.First, count)
            {
                Type = entry.Type,
                Id = entry.Id,
                Attributes = entry.Attributes,
                Name = entry.Name,
            });
        }

        return PartitionRules.Broken(partitions, header.FirstUsable, header.LastUsable) is { } fault
            ? new(null, fault)
            : new(PartitionTable.Gpt(header.DiskId, partitions) with { Layout = header }, "");
    }

    /// <summary>Whether the other copy says the same.</summary>
    public bool Agrees(GptCopy other) =>
        Table is { Layout: var mine } && other.Table is { Layout: var theirs }
        && mine == theirs with { MyLba = mine.MyLba, OtherLba = mine.OtherLba, EntriesLba = mine.EntriesLba };
}
