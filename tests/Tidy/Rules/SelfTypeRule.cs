namespace Mirage.Tidy;

/// <summary>A signature is self-typed and takes structs alone, so that every closed functor is compiled for its
/// arguments.</summary>
public sealed class SelfTypeRule : Rule
{
    private static readonly HashSet<string> s_foundations = ["IDevice", "IUnikernel"]; // Entry points may be classes.

    private protected override string Sentence => "A signature says 'where TSelf : struct, IX<TSelf>'.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src");

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("src/IX.cs", "public interface IX<TSelf> : IDevice<TSelf> where TSelf : IX<TSelf> { }\n"),
        new("src/IX.cs", "public interface IX<TSelf> : IDevice<TSelf> where TSelf : struct, IY<TSelf> { }\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
        [new("src/IX.cs", "public interface IX<TSelf> : IDevice<TSelf>\n    where TSelf : struct, IX<TSelf>\n{ }\n")];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        from type in TypeDeclaration.In(file)
        where type.Kind is "interface" && type.TypeParameters.Contains("TSelf") && !s_foundations.Contains(type.Name)
        where !type.Bases.Contains($"where TSelf : struct, {type.Name}<", StringComparison.Ordinal)
        select file.At(type.Start, $"{type.Name} is not constrained on itself");
}
