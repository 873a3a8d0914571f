using System.Text.RegularExpressions;

namespace Mirage.Testing.Tests;

/// <summary>The tutorial shows code that compiles: each block of C# in it stands in a sample or a test.</summary>
public sealed partial class DocsTests
{
    private static readonly string[] s_places =
        ["samples/MyDisk", "samples/KvServer", "tests/Mirage.Testing.Tests/Scenarios"];

    private static readonly string s_root = FindRoot();

    [Fact]
    public void Tutorial_EveryBlockOfCSharp_StandsInASampleOrATest()
    {
        var sources = s_places
            .SelectMany(static place =>
                Directory.GetFiles(Path.Combine(s_root, place), "*.cs", SearchOption.AllDirectories))
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .ToList();
        var blocks = Blocks("csharp");
        Assert.InRange(blocks.Count, 5, 20);
        Assert.All(
            blocks, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
    }

    [Fact]
    public void Tutorial_EveryCommand_IsThere()
    {
        Assert.Equal(["dotnet test samples/MyDisk\n", "./sweep kv --seeds 200\n"], Blocks("sh"));
        Assert.True(File.Exists(Path.Combine(s_root, "sweep")));
        Assert.True(File.Exists(Path.Combine(s_root, "samples/MyDisk/MyDisk.csproj")));
    }

    [Fact]
    public void Tutorial_FaultsOfTheTable_AreFaultsOfAPlan()
    {
        var world = new SimWorld();
        world.AddMachine("server").Attach("", new SimDisk(512, 8));
        foreach (var name in (string[])["a", "b"])
            world.AddMachine(name);
        var lines = PlanLine().Matches(Page())
            .Select(static match => match.Groups[1].Value.Replace(" …", "", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(8, lines.Count);
        FaultPlan.Parse(string.Join('\n', lines)).Apply(world);
    }

    private static string Page() => File.ReadAllText(Path.Combine(s_root, "docs", "testing.md"));

    private static List<string> Blocks(string language) =>
        [.. Block().Matches(Page()).Where(match => match.Groups[1].Value == language)
            .Select(static match => match.Groups[2].Value)];

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Mirage.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException("This is not the repository.");
        return directory.FullName;
    }

    [GeneratedRegex("^```([a-z]+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\| `([0-9]+s [^`]*)`", RegexOptions.Multiline)]
    private static partial Regex PlanLine();
}
