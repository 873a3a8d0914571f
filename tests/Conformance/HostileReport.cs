using System.Text;

namespace Mirage.Conformance;

/// <summary>docs/hostile-input.md: which test shows what comes of which class of hostile input.</summary>
internal static class HostileReport
{
    public static string Of(IReadOnlyList<HostileClass> classes, IReadOnlyList<TaggedTest> tests)
    {
        var shown = tests.SelectMany(test => test.Hostile.Select(number => (number, test.Name)))
            .ToLookup(pair => pair.number, pair => pair.Name);
        var text = new StringBuilder("""
            # Hostile input

            Written by `eng/conformance` from the traits of the tests, as `[Trait("Hostile", "8")]`, and from
            [hostile-input.tsv](hostile-input.tsv). A test fails when this file is not up to date, and when a class has
            neither a test nor a reason.

            Whatever arrives: nothing is thrown out of the receive path, a counter moves, and memory stays within its
            limits. Beside what is named here, [the fuzzer](fuzzing.md) tries every parser and every input path.


            """);
        text.Append(null, $"## Classes that tests send ({classes.Count(item => item.Absent.Length == 0)})\n\n");
        text.Append("| # | class | what comes of it | known from | tests |\n|---|---|---|---|---|\n");
        foreach (var item in classes.Where(item => item.Absent.Length == 0))
        {
            var names = string.Join(", ", shown[item.Number].Distinct().Order(StringComparer.Ordinal)
                .Select(name => $"`{name}`"));
            text.Append(null, $"| {item.Number} | {item.Text} | {item.Defence} | {item.Source} | {names} |\n");
        }

        var absent = classes.Where(item => item.Absent.Length > 0).ToList();
        text.Append(null, $"\n## Classes that find nothing here ({absent.Count})\n\n");
        text.Append("| # | class | known from | why |\n|---|---|---|---|\n");
        foreach (var item in absent)
            text.Append(null, $"| {item.Number} | {item.Text} | {item.Source} | {item.Absent} |\n");
        return text.ToString();
    }

    /// <summary>Classes that have neither a test nor a reason, or both.</summary>
    public static IEnumerable<int> Unclear(IEnumerable<HostileClass> classes, IEnumerable<TaggedTest> tests)
    {
        var shown = tests.SelectMany(test => test.Hostile).ToHashSet();
        return classes.Where(item => shown.Contains(item.Number) == item.Absent.Length > 0)
            .Select(item => item.Number);
    }
}
