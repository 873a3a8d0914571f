using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>Nothing is left for later in the sources.</summary>
public sealed partial class LeftOversRule : Rule
{
    private protected override string Sentence =>
        "Nothing is left for later: no note to come back, no method that only throws, no region.";

    private protected override IEnumerable<SourceFile> Scope => Repository.Files.Where(file =>
        Path.GetExtension(file.Path) is ".cs" or ".csproj" or ".props" or ".targets" or ".sh" or "" &&
            file.Path != "tests/Tidy/Rules/LeftOversRule.cs");

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("src/A.cs", "// TODO: the rest\n"),
        new("src/A.cs", "int M() => throw new NotImplementedException();\n"),
        new("src/A.cs", "#region Helpers\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
        [new("src/A.cs", "// A method to do things.\nvar todoList = 1;\n")];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        LeftOver().Matches(file.Text).Select(match => file.At(match.Index, match.Value));

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX|NotImplementedException)\b|^\s*#\s*region\b", RegexOptions.Multiline)]
    private static partial Regex LeftOver();
}
