namespace Mirage;

/// <summary>Writes <c>--help</c> in the layout of a manual page: NAME, SYNOPSIS, keys by section, exit codes.</summary>
internal sealed class HelpText(TextWriter writer, ProgramInfo program)
{
    private const int Width = 80;
    private const string Margin = "       ";

    public void Write(Graph graph, BuildValues build)
    {
        Heading("NAME");
        Paragraph($"{program.Name} - a Mirage unikernel, {graph.Root.Name}", Margin);
        Heading("SYNOPSIS");
        Paragraph(Synopsis(graph), Margin);

        // The unikernel's own section leads, and the boot's keys, which the graph has last, come last.
        var sections = graph.Keys.Values.Where(static key => key.IsArgument).GroupBy(static key => key.Section)
            .OrderByDescending(static section => section.Key == Key.DefaultSection);
        foreach (var section in sections)
        {
            Heading(section.Key);
            foreach (var key in section)
                Entry(Usage(key), $"{Sentence.Full(key.Key.Doc)}{Given(key, build)}");
        }

        WriteBuild(graph, build);
        Heading("EXIT STATUS");
        Entry("0", "The unikernel is done, or help was shown.");
        Entry("64", "An argument was wrong, unknown or missing.");
        Entry("69", "A device could not be connected.");
        Entry("70", "The unikernel failed.");
    }

    private static string Usage(GraphKey key)
    {
        var hasDefault = key.Key.Kind is not KeyKind.Flag && key.Key.Fallback is { Length: > 0 };
        return hasDefault ? $"{key.Usage} (default {Sentence.Line(key.Key.Fallback!)})" : key.Usage;
    }

    private static string Given(GraphKey key, BuildValues build)
    {
        if (key.Key.IsCommand)
            return "";
        var kind = key.Key.Kind switch
        {
            KeyKind.Required => " Required.",
            KeyKind.Repeated => " May be given more than once.",
            _ => "",
        };
        var built = key.Key.Stage is Stage.Both && build.Find(key.Name) is { } value
            ? $" This build gives it {Sentence.Quote(value)}."
            : "";
        return $"{kind}{built} Environment: {key.Variable}.";
    }

    private string Synopsis(Graph graph)
    {
        var required = graph.Keys.Values
            .Where(static key => key.IsArgument && key.Key.Kind is KeyKind.Required)
            .Select(static key => $" {key.Usage}");
        return $"{program.Name}{string.Concat(required)} [--KEY=VALUE]…";
    }

    private void WriteBuild(Graph graph, BuildValues build)
    {
        var constants = graph.Keys.Values.Where(static key => !key.IsArgument).ToList();
        if (constants.Count == 0)
            return;

        Heading("FIXED IN THE BUILD");
        foreach (var key in constants)
            Entry($"{key.Name}={Sentence.Line(build.Find(key.Name) ?? key.Key.Fallback ?? "")}", key.Key.Doc);
    }

    private void Heading(string text) => writer.Write($"{text}\n");

    private void Entry(string title, string text)
    {
        writer.Write($"{Margin}{title}\n");
        Paragraph(text, $"{Margin}    ");
    }

    private void Paragraph(string text, string margin)
    {
        var column = 0;
        foreach (var word in text.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                writer.Write('\n');
                column = 0;
            }

            var space = column == 0 ? margin : " ";
            writer.Write(space);
            writer.Write(word);
            column += space.Length + word.Length;
        }

        writer.Write("\n\n");
    }
}
