namespace Mirage.Tidy;

/// <summary>A signature has at most 100 lines.</summary>
public sealed class SignatureLengthRule : Rule
{
    private const int Most = 100;

    private protected override string Sentence => $"A signature has at most {Most} lines.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src/Mirage.Abstractions/Signatures");

    private protected override IEnumerable<SourceFile> Bad => [new("src/IX.cs", Signature(Most - 2))];

    private protected override IEnumerable<SourceFile> Good => [new("src/IX.cs", Signature(Most - 3))];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        from type in TypeDeclaration.In(file)
        where type.Kind is "interface" && file.Lines.Length > Most
        select file.At(type.Start, $"{type.Name} has {file.Lines.Length} lines");

    private static string Signature(int members) =>
        "public interface IX\n{\n" + string.Concat(Enumerable.Repeat("    void M();\n", members)) + "}\n";
}
