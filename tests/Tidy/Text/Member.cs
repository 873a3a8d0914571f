using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>A member of a type: a method, property, field or constructor.</summary>
/// <param name="Attributes">The attribute lists before it.</param>
/// <param name="Header">Its code up to the body or the initial value.</param>
/// <param name="Start">Where the header begins.</param>
/// <param name="End">Its last character.</param>
internal sealed partial record Member(string Attributes, string Header, int Start, int End)
{
    private static readonly HashSet<string> s_modifiers =
    [
        "public", "internal", "private", "protected", "static", "abstract", "virtual", "override", "readonly", "async",
        "extern", "new", "required", "unsafe", "partial",
    ];

    /// <summary>The method's name; null when this is no method.</summary>
    public string? Method
    {
        get
        {
            foreach (Match match in Call().Matches(Header))
            {
                if (!s_modifiers.Contains(match.Groups["name"].Value)) // A modifier before a tuple is no method.
                    return match.Groups["name"].Value;
            }

            return null;
        }
    }

    /// <summary>The members of a type, without those of the types nested in it.</summary>
    public static IEnumerable<Member> Of(SourceFile file, TypeDeclaration type)
    {
        if (type.Body < 0 || type.Kind is "enum")
            yield break;
        var code = file.Code;
        var end = CSharpText.Close(code, type.Body);
        for (var position = type.Body + 1; position < end;)
        {
            var attributes = SkipAttributes(code, ref position, end);
            if (position >= end)
                yield break;
            var (headerEnd, memberEnd) = Extent(code, position, end);
            var header = code[position..headerEnd];
            if (!NestedType().IsMatch(header))
                yield return new(attributes, header, position, memberEnd);
            position = memberEnd + 1;
        }
    }

    private static string SkipAttributes(string code, ref int position, int end)
    {
        var attributes = "";
        while (position < end && (char.IsWhiteSpace(code[position]) || code[position] is '[' or '#'))
        {
            if (code[position] is '[')
            {
                var close = CSharpText.Close(code, position);
                attributes += code[position..(close + 1)];
                position = close;
            }
            else if (code[position] is '#') // A directive fills its line.
            {
                while (position < end && code[position] is not '\n')
                    position++;
                continue;
            }

            position++;
        }

        return attributes;
    }

    private static (int HeaderEnd, int End) Extent(string code, int from, int end)
    {
        var headerEnd = -1;
        for (var position = from; position < end; position++)
        {
            if (code[position] is ';')
                return (headerEnd < 0 ? position : headerEnd, position);
            if (headerEnd < 0 && code[position] is '=' && !code.AsSpan(from, position - from).EndsWith("operator "))
                headerEnd = position;
            if (code[position] is not ('{' or '(' or '['))
                continue;
            var brace = code[position] is '{';
            headerEnd = headerEnd < 0 && brace ? position : headerEnd;
            position = CSharpText.Close(code, position);
            if (brace && Ends(code, position + 1, end))
                return (headerEnd, position);
        }

        return (headerEnd < 0 ? end : headerEnd, end);
    }

    // A block ends its member unless an expression goes on after it, as after 'switch { … }' or '{ get; } = …'.
    private static bool Ends(string code, int position, int end)
    {
        while (position < end && char.IsWhiteSpace(code[position]))
            position++;
        return position >= end ||
            code[position] is not (';' or '=' or '.' or ',' or ')' or '?' or '!' or ':' or '&' or '|' or '+');
    }

    [GeneratedRegex(@"(?<name>\w+)\s*(?:<[^()]*>)?\s*\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record)\s+(?!where\b)\w+")]
    private static partial Regex NestedType();
}
