using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>The repository speaks of the project, not of how, where or by whom a line of it was written.</summary>
public sealed partial class ProjectAloneRule : Rule
{
    private protected override string Sentence =>
        "The repository speaks of the project alone: nothing of how or where it was written.";

    private protected override IEnumerable<SourceFile> Scope =>
        Repository.Files.Where(file => file.Path != "tests/Tidy/Rules/ProjectAloneRule.cs");

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("src/A.cs", "// As the brief asks.\n"),
        new("docs/a.md", "Found by another agent in an earlier session.\n"),
        new("docs/a.md", "See issue #12.\n"),
        new("test", "cd /work/main\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
    [
        new("src/A.cs", "// RFC 3046: the relay agent's option. A User-Agent header. A TLS session in brief.\n"),
        new("docs/a.md", "A [link](../src/work/a.md) and a colour #123456.\n"),
    ];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        Word().Matches(file.Text).Select(match => file.At(match.Index, match.Value.Trim()));

    [GeneratedRegex("""
        \b(?:coding|another|an?|the|other|helper|AI)[ -]agents?\b(?![ ]option)|\bsub-?agents?\b|
        \b(?:this|earlier|previous|next|another)[ ]session\b|\bthe[ ]brief\b|\bas[ ]the[ ]lead\b|
        \b(?:issue|ticket|PR|pull[ ]request)[ ]\#?\d+\b|(?<![\w.])/work/|\bworktrees?\b|
        \b(?:Claude|Anthropic|ChatGPT|OpenAI|LLM|language[ ]model)\b
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Word();
}
