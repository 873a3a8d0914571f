using System.Text.RegularExpressions;
using Mirage.Testing;
using Mirage.Tests.Snippets;

namespace Mirage.Tests;

/// <summary>What the documentation shows compiles: each block of C# in it is the text of a snippet.</summary>
public sealed partial class DocsTests
{
    private static readonly string s_root = FindRoot();

    [Theory]
    [InlineData("functoria.md")]
    public void BlockOfCSharp_IsTheTextOfASnippet(string page)
    {
        var blocks = Blocks().Matches(Read("docs", page))
            .Select(static match => match.Groups[1].Value.TrimEnd('\n'))
            .ToList();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, static block => Assert.Contains(block, Snippets().Values));
    }

    [Fact]
    public void Snippet_IsShownInThePage()
    {
        var page = Read("docs", "functoria.md");
        Assert.All(Snippets().Values, snippet => Assert.Contains(snippet, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Snippets_DoWhatThePageSays()
    {
        using var host = new SimHost();
        Assert.Equal(ExitCode.Done, Wiring.Run(host, ["--name=you"]));
        Assert.Equal(ExitCode.Done, Wiring.RunTwoJobs(host, []));
        Assert.Equal(ExitCode.Done, Wiring.RunNothing(host, []));
        Assert.Equal("GOOD DAY, YOU.\nGood day, world.\nGOOD DAY, WORLD.\n", host.Output);
        Assert.Equal(
            ["Runs → Safe → Door: nobody came to the door; give --patience=2s or more."],
            Booted.Run<Runs<Safe, Part<A>>>("--patience=1s").Errors);
        Assert.Equal(["+A", "run", "-A", "The door is shut."], Booted.Run<Runs<Safe, Part<A>>>().Lines);
        Assert.Contains(
            "#00ff00 (argument)", Booted.Run<Runs<Painted, Part<A>>>("--paint=#00ff00", "--describe").Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "--back-lit=true", Booted.Run<Runs<Porch<Bell<Back>>, Bell<Front>>>("--back-lit", "--describe").Output,
            StringComparison.Ordinal);
        Assert.Equal(
            ["+A", "run", "-A"],
            Booted.Run<Runs<GreeterIf<BySocketsInTheBuild, Polite, Loud<Polite>>, Part<A>>>().Lines);
        Assert.Equal(["+A", "run", "-A"], Booted.Run<Runs<Greeting, Part<A>>>("--loud", "--manner=none").Lines);
        Assert.Equal(["+A", "run", "-A"], Booted.Run<Runs<Server, Part<A>>>("--ipv4=10.0.0.2/24").Lines);
    }

    private static Dictionary<string, string> Snippets() =>
        Directory.GetFiles(Path.Combine(s_root, "tests", "Mirage.Abstractions.Tests", "Snippets"), "*.cs").ToDictionary(
            static path => Path.GetFileName(path),
            static path => File.ReadAllText(path).Split("namespace Mirage.Tests.Snippets;\n\n")[1].TrimEnd('\n'));

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([s_root, .. path]));

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Mirage.sln")))
            directory = Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException("No Mirage.sln above the tests.");
        return directory;
    }

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
