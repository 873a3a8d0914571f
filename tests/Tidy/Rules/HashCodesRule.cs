using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>Hash codes of the framework differ between processes: they serve tables, and decide nothing.</summary>
public sealed partial class HashCodesRule : Rule
{
    private protected override string Sentence =>
        "A hash code of the framework is asked for in a GetHashCode only: it differs between processes. "
        + "What decides takes SipHash or its own sum.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src", "samples");

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("src/A.cs", "class A\n{\n    int Pick(string name) => name.GetHashCode() % 7;\n}\n"),
        new("src/A.cs", "class A\n{\n    int Pick(int a)\n    {\n        return HashCode.Combine(a);\n    }\n}\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
    [
        new("src/A.cs", """
            class A
            {
                public override int GetHashCode() => HashCode.Combine(1, 2);

                public int GetHashCode(string value)
                {
                    return value.GetHashCode(StringComparison.Ordinal);
                }

                int Count() => 1;
            }
            """),
    ];

    private protected override IEnumerable<Finding> Check(SourceFile file)
    {
        var own = OwnCode().Matches(file.Code)
            .Select(static match => (match.Index, End: match.Index + match.Length)).ToList();
        return Use().Matches(file.Code)
            .Where(match => !own.Exists(part => match.Index >= part.Index && match.Index < part.End))
            .Select(match => file.At(match.Index, match.Value));
    }

    [GeneratedRegex(@"\.GetHashCode\(|\bHashCode\.")]
    private static partial Regex Use();

    // A method called GetHashCode, to the semicolon of its expression or the brace that ends it.
    [GeneratedRegex(
        @"int GetHashCode\([^)]*\)\s*(?:=>[^;]*;|\{.*?^    \})", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex OwnCode();
}
