namespace Mirage.Interop;

/// <summary>The differences that are known, each with its reason: a table of Markdown.</summary>
internal static class DifferenceTable
{
    private const int Columns = 6;

    /// <summary>Reads the rows of <paramref name="lines"/>: script, step, ours, the kernel's, why, where it is
    /// written.</summary>
    /// <exception cref="FormatException">A row has another number of columns, or one without a reason.</exception>
    public static IReadOnlyList<Difference> Read(IEnumerable<string> lines)
    {
        var rows = new List<Difference>();
        foreach (var line in lines.Where(line => line.StartsWith('|')).Skip(2)) // The head and the rule below it.
        {
            string[] cells = [.. line.Trim('|', ' ').Split('|').Select(cell => cell.Trim())];
            if (cells.Length != Columns || cells.Any(cell => cell.Length == 0))
                throw new FormatException($"Script, step, ours, the kernel's, why and where are expected: {line}");
            rows.Add(new(cells[0], cells[1], cells[2], cells[3]));
        }

        return rows;
    }
}
