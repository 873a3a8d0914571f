using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>A type that a file declares.</summary>
/// <param name="Modifiers">The words before the kind: <c>public readonly</c>.</param>
/// <param name="Kind">class, struct, interface, enum, record …</param>
/// <param name="Name">Without its type parameters.</param>
/// <param name="TypeParameters">The names between the angle brackets.</param>
/// <param name="Bases">What follows the colon, with the constraints.</param>
/// <param name="Start">Where the declaration begins.</param>
/// <param name="Body">Where its brace opens; -1 when it has none.</param>
/// <param name="Depth">How many types it is nested in.</param>
internal sealed partial record TypeDeclaration(
    string Modifiers, string Kind, string Name, string[] TypeParameters, string Bases, int Start, int Body, int Depth)
{
    public bool IsPublic => Modifiers.Contains("public", StringComparison.Ordinal);

    public static IReadOnlyList<TypeDeclaration> In(SourceFile file)
    {
        var code = file.Code;
        var found = new List<(TypeDeclaration Type, int End)>();
        foreach (Match match in Declaration().Matches(code))
        {
            var name = match.Groups["name"].Value;
            if (name is "where" or "is" or "with") // A constraint such as 'where T : struct' at the end of its line.
                continue;
            var (body, end) = Extent(code, match.Index + match.Length);
            var bases = code[(match.Index + match.Length)..(body < 0 ? end : body)];
            var depth = found.Count(outer => outer.Type.Start < match.Index && outer.End > match.Index);
            var parameters = match.Groups["generic"].Value
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var type = new TypeDeclaration(match.Groups["modifiers"].Value, match.Groups["kind"].Value, name,
                parameters, bases,
                match.Index, body, depth);
            found.Add((type, end));
        }

        return [.. found.Select(entry => entry.Type)];
    }

    // The body's brace, if there is one before the semicolon that ends a declaration without; and where the declaration
    // ends.
    private static (int Body, int End) Extent(string code, int from)
    {
        for (var position = from; position < code.Length; position++)
        {
            if (code[position] is '(' or '[')
                position = CSharpText.Close(code, position);
            else if (code[position] is '{')
                return (position, CSharpText.Close(code, position));
            else if (code[position] is ';')
                return (-1, position);
        }

        return (-1, code.Length);
    }

    [GeneratedRegex("""
        (?<modifiers>(?:
          \b(?:public|internal|private|protected|file|static|sealed|abstract|readonly|ref|partial|unsafe|new)\s+)*)
        \b(?<kind>record\s+struct|record\s+class|record|class|struct|interface|enum)\s+(?<name>\w+)\s*
        (?:<(?<generic>[^<>]*)>)?
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Declaration();
}
