using System.Globalization;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>Says which partition of a table is meant: what <c>--partition</c> is given.</summary>
/// <remarks>A number is an index; a GUID is a partition's own or its type; <c>name=TEXT</c>, and whatever is neither,
/// is a name.</remarks>
internal static class PartitionSelector
{
    private const string NamePrefix = "name=";

    /// <summary>The one partition that <paramref name="text"/> means.</summary>
    public static Either<ConnectError, PartitionEntry> Select(PartitionTable table, string text)
    {
        var matches = table.Entries.Where(Meaning(text)).ToList();
        if (matches.Count == 0)
            return new ConnectError($"there is no partition '{text}'", Remedy(table));
        if (matches.Count > 1)
            return new ConnectError($"'{text}' are {matches.Count} partitions", Remedy(table));
        return matches[0].IsExtended && table.Scheme is PartitionScheme.Mbr
            ? new ConnectError($"partition {matches[0].Index} is the place of others", Remedy(table))
            : matches[0];
    }

    private static Func<PartitionEntry, bool> Meaning(string text)
    {
        if (text.StartsWith(NamePrefix, StringComparison.Ordinal))
            return entry => entry.Name == text[NamePrefix.Length..];
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return entry => entry.Index == index;
        // An unused GUID is no answer: an MBR's partitions have neither.
        if (Guid.TryParse(text, out var id) && id != Guid.Empty)
            return entry => entry.Id == id || entry.Type == id;
        return entry => text.Length > 0 && entry.Name == text;
    }

    private static string Remedy(PartitionTable table) => table.Entries.Count == 0
        ? "make a partition first"
        : $"choose one of {Sentence(table.Entries)}";

    private static string Sentence(IEnumerable<PartitionEntry> entries) => string.Join(", ", entries.Take(16)
        .Select(static entry => entry.Name.Length > 0 ? $"{entry.Index} ({entry.Name})" : $"{entry.Index}"));
}
