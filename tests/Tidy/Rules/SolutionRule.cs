using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>Mirage.sln has every project, and a project for every entry.</summary>
public sealed partial class SolutionRule
{
    private static readonly SourceFile s_solution = Repository.Files.Single(file => file.Path == "Mirage.sln");

    [Fact]
    public void Repository_EveryProject_IsInTheSolution()
    {
        var projects = Repository.Files.Select(file => file.Path).Where(path => path.EndsWith(".csproj",
            StringComparison.Ordinal));
        Assert.Equal([], Missing(projects, s_solution.Text));
    }

    [Fact]
    public void Solution_EveryEntry_IsAProject() =>
        Assert.Equal([], Entries(s_solution.Text).Where(path => !Repository.Exists(path)));

    [Fact]
    public void PlantedProject_IsMissed() =>
        Assert.Equal(["src/New/New.csproj"], Missing(["src/New/New.csproj"], s_solution.Text));

    private static IEnumerable<string> Missing(IEnumerable<string> projects, string solution) =>
        projects.Except(Entries(solution));

    private static IEnumerable<string> Entries(string solution) =>
        Entry().Matches(solution).Select(match => match.Groups["path"].Value.Replace('\\', '/'));

    [GeneratedRegex(@"""(?<path>[^""]+\.csproj)""")]
    private static partial Regex Entry();
}
