namespace Mirage.Tidy;

/// <summary>At most three type parameters: a fourth asks for a bundling signature or a fixed type.</summary>
public sealed class TypeParametersRule : Rule
{
    private const int Most = 3;

    private protected override string Sentence => $"A type has at most {Most} type parameters.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src", "samples");

    private protected override IEnumerable<SourceFile> Bad =>
        [new("src/A.cs", "public readonly struct A<TIp,\n    TUdp, TTcp, TDns> : IStack { }\n")];

    private protected override IEnumerable<SourceFile> Good =>
        [new("src/A.cs", "public class A<T1, T2, T3> { void M<T4, T5, T6, T7>() { } }\n")];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        from type in TypeDeclaration.In(file)
        where type.TypeParameters.Length > Most
        select file.At(type.Start, $"{type.Name} has {type.TypeParameters.Length}");
}
