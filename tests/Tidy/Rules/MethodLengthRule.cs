namespace Mirage.Tidy;

/// <summary>A method has at most 60 lines.</summary>
public sealed class MethodLengthRule : Rule
{
    private const int Most = 60;

    private protected override string Sentence => $"A method has at most {Most} lines.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src", "samples", "bench", "tests");

    private protected override IEnumerable<SourceFile> Bad => [new("src/A.cs", OfLength(Most + 1))];

    private protected override IEnumerable<SourceFile> Good => [new("src/A.cs", OfLength(Most) + OfLength(Most))];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        from type in TypeDeclaration.In(file)
        from member in Member.Of(file, type)
        let lines = Lines(file, member)
        where member.Method is not null && lines > Most
        select file.At(member.Start, $"{member.Method} has {lines} lines");

    // What a literal fills of its own, as an expected page of text, is no code.
    private static int Lines(SourceFile file, Member member)
    {
        var code = file.Code.Split('\n');
        var (first, last) = (file.LineAt(member.Start) - 1, file.LineAt(member.End) - 1);
        return Enumerable.Range(first, last - first + 1).Count(line => !string.IsNullOrWhiteSpace(code[line]) ||
            string.IsNullOrWhiteSpace(file.Lines[line]) ||
            file.Lines[line].TrimStart().StartsWith("//", StringComparison.Ordinal));
    }

    private static string OfLength(int lines) =>
        "class A\n{\n    int _x = 1;\n\n    // Why.\n    void M(int a)\n    {\n" +
        string.Concat(Enumerable.Repeat("        if (a > 0) { a--; }\n", lines - 3)) + "    }\n}\n";
}
