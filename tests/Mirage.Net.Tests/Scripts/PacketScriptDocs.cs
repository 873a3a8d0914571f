using System.Text.RegularExpressions;

namespace Mirage.Net.Tests;

/// <summary>The example of docs/packet-scripts.md is a test that runs.</summary>
public sealed partial class PacketScriptDocs
{
    private static readonly string s_root = FindRoot();

    [Fact]
    public void BlockOfCSharp_IsTheTextOfASnippet()
    {
        var page = File.ReadAllText(Path.Combine(s_root, "docs", "packet-scripts.md"));
        var snippets = Directory
            .GetFiles(Path.Combine(s_root, "tests", "Mirage.Net.Tests", "Scripts", "Snippets"), "*.cs")
            .Select(File.ReadAllText)
            .ToList();
        var blocks = Blocks().Matches(page).Select(static match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(snippets, snippet => snippet.Contains(
            $"namespace Mirage.Net.Tests;\n\n{block}", StringComparison.Ordinal)));
    }

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
