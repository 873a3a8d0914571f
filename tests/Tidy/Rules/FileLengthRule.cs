namespace Mirage.Tidy;

/// <summary>Small files: think at 300 lines, never 500. What is over 300 stands in a list that may only
/// shrink.</summary>
public sealed class FileLengthRule : Rule
{
    private const int ListedFrom = 300, Most = 500;
    private const string List = "tests/Tidy/exceptions/long-files.txt";

    private static readonly Dictionary<string, int> s_exceptions = Repository.Files.Single(
        file => file.Path == List).Lines
        .Where(line => line.Length > 0 && line[0] is not '#')
        .Select(line => line.Split(' ', 2))
        .ToDictionary(parts => parts[1], parts => int.Parse(parts[0], null));

    private protected override string Sentence =>
        $"A file has at most {Most} lines; one over {ListedFrom} stands in {List}, which may only shrink.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src", "samples", "bench", "tests");

    private protected override IEnumerable<SourceFile> Bad =>
        [new("src/Long.cs", Lines(ListedFrom + 1)), new("tests/Long.cs", Lines(Most + 1))];

    private protected override IEnumerable<SourceFile> Good =>
        [new("src/Short.cs", Lines(ListedFrom)), new("tests/Long.cs", Lines(Most))];

    [Fact]
    public void ListOfExceptions_HasOnlyFilesThatAreStillThatLong()
    {
        var stale = s_exceptions.Where(entry =>
            Repository.Files.SingleOrDefault(file => file.Path == entry.Key)?.Lines.Length is not { } lines ||
            lines != entry.Value || lines <= ListedFrom);
        Assert.True(!stale.Any(),
            $"{List} may only shrink. Write down the new length, or take out:\n{string.Join('\n', stale)}");
    }

    private protected override IEnumerable<Finding> Check(SourceFile file)
    {
        var lines = file.Lines.Length;
        if (lines > Most)
            yield return new(file, Most, $"{lines} lines");
        else if (lines > ListedFrom && !file.Path.StartsWith("tests/", StringComparison.Ordinal) &&
            lines > s_exceptions.GetValueOrDefault(file.Path))
            yield return new(file, ListedFrom,
                $"{lines} lines, and {s_exceptions.GetValueOrDefault(file.Path)} listed");
    }

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("//\n", count));
}
