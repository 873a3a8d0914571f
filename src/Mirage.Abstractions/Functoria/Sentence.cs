namespace Mirage;

/// <summary>Pieces of sentences for users.</summary>
internal static class Sentence
{
    private const int TextMax = 200;

    /// <summary><c>a, b or c</c>.</summary>
    public static string Or(IReadOnlyList<string> words) => words.Count < 2
        ? string.Concat(words)
        : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";

    /// <summary>Text that was given, on one line and not longer than a line or two.</summary>
    public static string Line(string text) => Plain(text.Length > TextMax ? text[..TextMax] + "…" : text);

    /// <summary>Text on one line, whatever its length: what it quotes of a user commands no terminal.</summary>
    public static string Plain(string text) =>
        string.Concat(text.Select(static letter => char.IsControl(letter) ? '\uFFFD' : letter));

    /// <summary>The same in quotes.</summary>
    public static string Quote(string text) => $"'{Line(text)}'";

    /// <summary>The same with a full stop, unless it ends as a sentence does.</summary>
    public static string Full(string text) => text.Length == 0 || text[^1] is '.' or '!' or '?' ? text : $"{text}.";

    /// <summary>The word of <paramref name="known"/> that <paramref name="word"/> is likely to mean, or null.</summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        // Long words are not compared letter by letter: nobody mistypes those, and the cost is quadratic.
        if (word.Length > TextMax)
            return null;
        var limit = Math.Max(1, word.Length / 3);
        return known.Select(candidate => (candidate, Distance: Distance(word, candidate)))
            .Where(pair => pair.Distance <= limit)
            .OrderBy(static pair => pair.Distance)
            .Select(static pair => pair.candidate)
            .FirstOrDefault();
    }

    // Levenshtein's distance: letters to insert, remove or replace.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
