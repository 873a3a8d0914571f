namespace Mirage.Storage;

/// <summary>What partitions of a table must be, whoever made it.</summary>
internal static class PartitionRules
{
    /// <summary>What is wrong with partitions that may have the sectors from <paramref name="first"/> to
    /// <paramref name="last"/>; null for nothing.</summary>
    public static string? Broken(IEnumerable<PartitionEntry> entries, long first, long last)
    {
        PartitionEntry? before = null;
        foreach (var entry in entries.OrderBy(static entry => entry.First))
        {
            // The count comes first: what is the last sector of a partition without one?
            if (entry.Count < 1 || entry.First < first || entry.First > last || entry.Count > last - entry.First + 1)
                return $"partition {entry.Index} has {entry.Count} sectors from {entry.First} on, "
                    + $"and may have those from {first} to {last}";
            if (before is not null && entry.First <= before.Last)
                return $"partitions {before.Index} and {entry.Index} overlap";
            before = entry;
        }

        return null;
    }
}
