using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>Each package that this repository depends on is used, and docs/dependencies.md says why.</summary>
public sealed partial class DependenciesRule : Rule
{
    private static readonly Lazy<string> s_projects = new(() => string.Concat(Repository.Files
        .Where(file => Path.GetExtension(file.Path) is ".csproj" or ".props" && file.Path != "Directory.Packages.props")
        .Select(file => file.Text)));

    private static readonly Lazy<string> s_reasons =
        new(() => Repository.Files.Single(file => file.Path == "docs/dependencies.md").Text);

    private protected override string Sentence =>
        "A dependency is used by a project and has its line in docs/dependencies.md.";

    private protected override IEnumerable<SourceFile> Scope =>
        Repository.Files.Where(file => file.Path == "Directory.Packages.props");

    private protected override IEnumerable<SourceFile> Bad =>
        [new("Directory.Packages.props", "<PackageVersion Include=\"No.Such.Package\" Version=\"1.0.0\" />\n")];

    private protected override IEnumerable<SourceFile> Good =>
        [new("Directory.Packages.props", "<PackageVersion Include=\"xunit\" Version=\"2.9.3\" />\n")];

    private protected override IEnumerable<Finding> Check(SourceFile file)
    {
        foreach (Match match in Package().Matches(file.Text))
        {
            var name = match.Groups["name"].Value;
            if (!s_projects.Value.Contains($"PackageReference Include=\"{name}\"", StringComparison.Ordinal))
                yield return file.At(match.Index, $"no project uses {name}");
            if (!s_reasons.Value.Contains($"| {name} |", StringComparison.Ordinal))
                yield return file.At(match.Index, $"docs/dependencies.md does not say why there is {name}");
        }
    }

    [GeneratedRegex("PackageVersion Include=\"(?<name>[^\"]+)\"")]
    private static partial Regex Package();
}
