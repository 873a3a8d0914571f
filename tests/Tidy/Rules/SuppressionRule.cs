using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>A suppressed warning has its reason on its line.</summary>
public sealed partial class SuppressionRule : Rule
{
    private protected override string Sentence => "A suppressed warning has its reason on its line.";

    private protected override IEnumerable<SourceFile> Scope => Repository.Files.Where(file =>
        Path.GetExtension(file.Path) is ".cs" or ".csproj" or ".props" or ".targets" &&
            file.Path != "tests/Tidy/Rules/SuppressionRule.cs");

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("src/A.cs", "#pragma warning disable CA1000\n"),
        new("src/A.csproj", "<NoWarn>$(NoWarn);CS1591</NoWarn>\n"),
        new("src/A.cs", "[SuppressMessage(\"Design\", \"CA1000\")]\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
    [
        new("src/A.cs", "#pragma warning disable CA1000 // Signatures are static.\n#pragma warning restore CA1000\n"),
        new("src/A.csproj", "<NoWarn>$(NoWarn);CS1591</NoWarn> <!-- Names say it. -->\n"),
        new("src/A.cs", "[SuppressMessage(\"AOT\", \"IL3050\", Justification = \"Closed when compiled.\")]\n"),
    ];

    private protected override IEnumerable<Finding> Check(SourceFile file)
    {
        for (var line = 0; line < file.Lines.Length; line++)
        {
            var match = Suppression().Match(file.Lines[line]);
            if (match.Success && !Reason().IsMatch(file.Lines[line]))
                yield return new(file, line + 1, match.Value);
        }
    }

    [GeneratedRegex(@"#pragma warning disable|<NoWarn>|\bNoWarn=|\[(?:assembly: ?)?(?:Unconditional)?SuppressMessage")]
    private static partial Regex Suppression();

    [GeneratedRegex(@"// \w+.{8,}|<!-- .{8,}-->|Justification = "".{8,}""")]
    private static partial Regex Reason();
}
