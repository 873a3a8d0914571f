namespace Mirage.Conformance;

public sealed class ConformanceTests
{
    private static readonly string s_root = FindRoot();
    private static readonly string s_report = Path.Combine(s_root, "docs", "conformance.md");
    private static readonly IReadOnlyList<Behaviour> s_behaviours = Behaviour.Read(
        Path.Combine(s_root, "docs", "behaviours.tsv"));
    private static readonly string s_hostileReport = Path.Combine(s_root, "docs", "hostile-input.md");
    private static readonly IReadOnlyList<HostileClass> s_hostile = HostileClass.Read(
        Path.Combine(s_root, "docs", "hostile-input.tsv"));
    private static readonly Lazy<IReadOnlyList<TaggedTest>> s_tests = new(() => [.. TaggedTest.In(TestAssemblies())]);

    [Fact]
    public void Report_OfTheTestsAsBuilt_IsTheOneInDocs() =>
        Compare(s_report, Report.Of(s_behaviours, s_tests.Value));

    [Fact]
    public void HostileReport_OfTheTestsAsBuilt_IsTheOneInDocs() =>
        Compare(s_hostileReport, HostileReport.Of(s_hostile, s_tests.Value));

    [Fact]
    public void HostileClasses_Each_HasTestsOrAReason() =>
        Assert.Equal([], HostileReport.Unclear(s_hostile, s_tests.Value));

    [Fact]
    public void HostileTraits_OfEveryTest_NameClassesThatExist()
    {
        Assert.Equal(Enumerable.Range(1, s_hostile.Count), s_hostile.Select(item => item.Number));
        Assert.Equal([], s_tests.Value.Where(test => !test.Hostile.All(number => number <= s_hostile.Count))
            .Select(test => test.Name));
    }

    [Fact]
    public void HostileReport_OfPlantedClasses_TellsWhichAreUnclear()
    {
        HostileClass[] classes =
        [
            new(1, "a", "b", "c", ""), new(2, "d", "e", "f", ""), new(3, "g", "h", "i", "no such thing"),
            new(4, "j", "k", "l", "no such thing"),
        ];
        TaggedTest[] tests = [new("A.Test", [], [], [1, 4])];
        Assert.Equal([2, 4], HostileReport.Unclear(classes, tests));
        Assert.Contains("| 1 | a | b | c | `A.Test` |\n", HostileReport.Of(classes, tests), StringComparison.Ordinal);
        Assert.Contains("| 3 | g | i | no such thing |\n", HostileReport.Of(classes, tests), StringComparison.Ordinal);
    }

    [Fact]
    public void Traits_OfEveryTest_NameBehavioursThatExist()
    {
        var known = s_behaviours.Select(behaviour => behaviour.Number).ToHashSet();
        Assert.Equal([], s_tests.Value.Where(test => !test.Behaviours.All(known.Contains)).Select(test => test.Name));
    }

    [Fact]
    public void Behaviours_OfTheList_AreNumberedInOrder() =>
        Assert.Equal(Enumerable.Range(1, s_behaviours.Count), s_behaviours.Select(behaviour => behaviour.Number));

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10")]
    public void TaggedTest_OfThisAssembly_IsFound()
    {
        var found = TaggedTest.In([typeof(ConformanceTests).Assembly.Location]).Single();
        Assert.Equal("ConformanceTests.TaggedTest_OfThisAssembly_IsFound", found.Name);
        Assert.Equal(["RFC 9293 section 3.10"], found.Conforms);
    }

    [Fact]
    public void Report_OfPlantedTests_ListsWhatTheyShowAndWhatIsLeft()
    {
        var report = Report.Of(
            [new(1, "First", "RFC 1"), new(2, "Second", "")],
            [new("A.Test", ["RFC 793 section 3.10", "RFC 793 section 3.9"], [2], []),
                new("B.Test", ["RFC 8"], [], [])]);
        Assert.Contains("### RFC 8\n\n| section | tests |\n|---|---|\n| – | `B.Test` |\n\n### RFC 793\n\n", report,
            StringComparison.Ordinal);
        Assert.Contains("| 3.9 | `A.Test` |\n| 3.10 | `A.Test` |\n", report, StringComparison.Ordinal);
        Assert.Contains("| 2 | Second |  | `A.Test` |\n", report, StringComparison.Ordinal);
        Assert.Contains("no test shows (1)\n\n| # | behaviour | source |\n|---|---|---|\n| 1 | First | RFC 1 |\n",
            report, StringComparison.Ordinal);
    }

    private static void Compare(string path, string report)
    {
        if (Environment.GetEnvironmentVariable("CONFORMANCE_WRITE") is "1") // eng/conformance
            File.WriteAllText(path, report);
        Assert.True(report == File.ReadAllText(path), $"{path} is not up to date: run eng/conformance.");
    }

    // tests/X/bin/Debug/net10.0/X.dll for each X but this one, in the configuration that this one was built in.
    private static IEnumerable<string> TestAssemblies()
    {
        var output = Path.GetRelativePath(Path.Combine(s_root, "tests", "Conformance"), AppContext.BaseDirectory);
        return Directory.GetFiles(Path.Combine(s_root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => Path.GetFileNameWithoutExtension(project) is not "Conformance")
            .Order(StringComparer.Ordinal)
            .Select(project => Path.Combine(Path.GetDirectoryName(project)!, output,
                Path.GetFileNameWithoutExtension(project) + ".dll"))
            .Where(File.Exists);
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mirage.sln")))
            folder = Path.GetDirectoryName(folder) ??
                throw new InvalidOperationException("Not below a folder with Mirage.sln.");
        return folder;
    }
}
