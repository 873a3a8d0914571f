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
        let lines = file.LineAt(member.End) - file.LineAt(member.Start) + 1
        where member.Method is not null && lines > Most
        select file.At(member.Start, $"{member.Method} has {lines} lines");

    private static string OfLength(int lines) =>
        "class A\n{\n    int _x = 1;\n\n    // Why.\n    void M(int a)\n    {\n" +
        string.Concat(Enumerable.Repeat("        if (a > 0) { a--; }\n", lines - 3)) + "    }\n}\n";
}
