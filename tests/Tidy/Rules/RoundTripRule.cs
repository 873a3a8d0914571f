namespace Mirage.Tidy;

/// <summary>Each wire type has a round-trip property.</summary>
public sealed class RoundTripRule : Rule
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> s_properties = new(() =>
    [
        .. Repository.CSharp("tests").Where(file => file.Path.Contains(".Tests/", StringComparison.Ordinal) &&
            file.Text.Contains("RoundTrip", StringComparison.Ordinal)),
    ]);

    private protected override string Sentence =>
        "A wire type is named in a test file that has a round-trip property (RoundTrip in its name).";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src");

    private protected override IEnumerable<SourceFile> Bad =>
        [new("src/NoSuchPacket.cs",
            "public readonly record struct NoSuchPacket(int A) : IWireFormat<NoSuchPacket> { }\n")];

    private protected override IEnumerable<SourceFile> Good =>
        [new("src/NoSuchPacket.cs",
            "public readonly record struct NoSuchPacket(int A) : IEquatable<NoSuchPacket> { }\n")];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        from type in TypeDeclaration.In(file)
        where type.Bases.Contains($"IWireFormat<{type.Name}>", StringComparison.Ordinal) && type.Kind is not "interface"
        where !s_properties.Value.Any(test => test.Code.Contains(type.Name, StringComparison.Ordinal))
        select file.At(type.Start, $"{type.Name} has none");
}
