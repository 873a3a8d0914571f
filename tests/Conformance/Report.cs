using System.Text;

namespace Mirage.Conformance;

/// <summary>docs/conformance.md: which test shows what.</summary>
internal static class Report
{
    public static string Of(IReadOnlyList<Behaviour> behaviours, IReadOnlyList<TaggedTest> tests)
    {
        var text = new StringBuilder("""
            # Conformance

            Written by `eng/conformance` from the traits of the tests, as
            `[Trait("Conforms", "RFC 9293 section 3.10.7.4")]` and
            `[Trait("Behaviour", "107")]`, and from [behaviours.tsv](behaviours.tsv). A test fails when this file is
            not up to date.

            What is claimed is what a test shows: a section that is not here, or a behaviour of the last table, is not
            claimed, whether there is code for it or not. Not there at all, and most of that table: IPv6 with its
            neighbour discovery, DHCP, DNS, and address translation.


            """);
        var shown =
            tests.SelectMany(test => test.Behaviours.Select(number => (number, test.Name)))
                .ToLookup(pair => pair.number, pair => pair.Name);
        var count = behaviours.Count(behaviour => shown.Contains(behaviour.Number));
        text.Append(null,
            $"Of {behaviours.Count} behaviours in the list, tests show {count}; "
            + $"{behaviours.Count - count} are left.\n\n");
        Documents(text, tests);
        Shown(text, [.. behaviours.Where(behaviour => shown.Contains(behaviour.Number))], shown);
        NotShown(text, [.. behaviours.Where(behaviour => !shown.Contains(behaviour.Number))]);
        return text.ToString();
    }

    private static void Documents(StringBuilder text, IReadOnlyList<TaggedTest> tests)
    {
        var places = tests
            .SelectMany(test => test.Conforms.Select(place => (Place: Split(place), test.Name)))
            .Distinct().ToList();
        text.Append("## By document\n\n");
        foreach (var document in InOrder(places.GroupBy(entry => entry.Place.Document)))
        {
            text.Append(null, $"### {document.Key}\n\n| section | tests |\n|---|---|\n");
            foreach (var section in InOrder(document.GroupBy(entry => entry.Place.Section)))
                text.Append(null, $"| {section.Key} | {Names(section.Select(entry => entry.Name))} |\n");
            text.Append('\n');
        }
    }

    private static IEnumerable<IGrouping<string, T>> InOrder<T>(IEnumerable<IGrouping<string, T>> groups) =>
        groups.OrderBy(group => group.Key, NumberOrder.Instance);

    private static void Shown(StringBuilder text, IReadOnlyList<Behaviour> behaviours, ILookup<int, string> tests)
    {
        text.Append(null, $"## Behaviours shown by tests ({behaviours.Count})\n\n");
        text.Append("| # | behaviour | source | tests |\n|---|---|---|---|\n");
        foreach (var behaviour in behaviours)
            text.Append(null,
                $"| {behaviour.Number} | {behaviour.Text} | {behaviour.Source} | {Names(tests[behaviour.Number])} |\n");
        text.Append('\n');
    }

    private static void NotShown(StringBuilder text, IReadOnlyList<Behaviour> behaviours)
    {
        text.Append(null, $"## Behaviours that no test shows ({behaviours.Count})\n\n");
        text.Append("| # | behaviour | source |\n|---|---|---|\n");
        foreach (var behaviour in behaviours)
            text.Append(null, $"| {behaviour.Number} | {behaviour.Text} | {behaviour.Source} |\n");
    }

    private static string Names(IEnumerable<string> tests) =>
        string.Join(", ", tests.Distinct().Order(StringComparer.Ordinal).Select(name => $"`{name}`"));

    private static (string Document, string Section) Split(string place) =>
        place.Split(" section ", 2) is [var document, var section] ? (document, section) : (place, "–");
}
