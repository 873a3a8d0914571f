namespace Mirage.Tidy;

/// <summary>A line has at most 120 columns.</summary>
public sealed class LineLengthRule : Rule
{
    private const int Most = 120;

    private protected override string Sentence => $"A line has at most {Most} columns.";

    private protected override IEnumerable<SourceFile> Scope =>
        Repository.CSharp("src", "samples", "bench", "tests", "eng");

    private protected override IEnumerable<SourceFile> Bad => [new("src/A.cs", $"//{new string('a', Most - 1)}\n")];

    private protected override IEnumerable<SourceFile> Good => [new("src/A.cs", $"//{new string('ä', Most - 2)}\n")];

    private protected override IEnumerable<Finding> Check(SourceFile file) => file.Lines
        .Select((line, index) => new Finding(file, index + 1, $"{line.Length} columns"))
        .Where(finding => file.Lines[finding.Line - 1].Length > Most);
}
