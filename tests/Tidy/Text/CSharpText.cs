namespace Mirage.Tidy;

/// <summary>As much of C#'s lexical grammar as finding comments and literals needs.</summary>
internal static class CSharpText
{
    /// <summary>Blanks comments, strings and characters; what an interpolated string interpolates is blanked with
    /// it.</summary>
    public static string Blank(string text)
    {
        var code = text.ToCharArray();
        for (var position = 0; position < code.Length;)
        {
            var end = EndOfToken(text, position);
            if (end > position)
                Blank(code, position, end);
            position = Math.Max(end, position + 1);
        }

        return new string(code);
    }

    /// <summary>Where the brace, bracket or parenthesis opened at <paramref name="open"/> of blanked text closes; the
    /// end when it does not.</summary>
    public static int Close(string code, int open)
    {
        var depth = 0;
        for (var position = open; position < code.Length; position++)
        {
            if (code[position] is '{' or '(' or '[')
                depth++;
            else if (code[position] is '}' or ')' or ']' && --depth == 0)
                return position;
        }

        return code.Length - 1;
    }

    // The end of the comment or literal that begins at a position; the position itself when none does.
    private static int EndOfToken(string text, int position)
    {
        var rest = text.AsSpan(position);
        if (rest.StartsWith("//"))
            return EndAfter(text, position, "\n", inclusive: false);
        if (rest.StartsWith("/*"))
            return EndAfter(text, position + 2, "*/", inclusive: true);
        if (rest[0] is '\'')
            return EndOfQuoted(text, position + 1, '\'', verbatim: false);

        var prefix = rest.IndexOfAnyExcept('$', '@');
        if (prefix < 0 || rest[prefix] is not '"')
            return position;
        var quotes = rest[prefix..].IndexOfAnyExcept('"');
        quotes = quotes < 0 ? rest.Length - prefix : quotes;
        return quotes >= 3
            ? EndAfter(text, position + prefix + quotes, new string('"', quotes), inclusive: true)
            : EndOfQuoted(text, position + prefix + 1, '"', verbatim: rest[..prefix].Contains('@'));
    }

    private static int EndAfter(string text, int from, string terminator, bool inclusive)
    {
        var found = text.IndexOf(terminator, from, StringComparison.Ordinal);
        return found < 0 ? text.Length : inclusive ? found + terminator.Length : found;
    }

    private static int EndOfQuoted(string text, int from, char quote, bool verbatim)
    {
        var position = from;
        while (position < text.Length && text[position] != quote && (verbatim || text[position] is not '\n'))
            position += !verbatim && text[position] is '\\' ? 2 : 1;
        return Math.Min(position + 1, text.Length);
    }

    private static void Blank(char[] code, int from, int to)
    {
        for (var position = from; position < to; position++)
        {
            if (code[position] is not '\n')
                code[position] = ' ';
        }
    }
}
