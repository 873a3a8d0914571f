namespace Mirage.Tidy;

/// <summary>One protocol, one folder, three roles: the wire decides nothing, the machine does nothing, the functor
/// connects.</summary>
public sealed class ProtocolFolderRule : Rule
{
    private static readonly string[] s_effects = ["async ", "await ", "ValueTask", "Dictionary<", "LoopTimer", "Host "];

    private protected override string Sentence =>
        "A wire type has no state and no effect; a machine stands alone in its file.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src");

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("src/X/XPacket.cs",
            "readonly record struct XPacket : IWireFormat<XPacket>\n{\n    async ValueTask Send() { }\n}\n"),
        new("src/X/XMachine.cs", "internal sealed class XMachine { }\ninternal sealed class XTable { }\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
        [new("src/X/XMachine.cs",
            "internal sealed class XMachine\n{\n    private readonly record struct Entry(int A);\n}\n")];

    private protected override IEnumerable<Finding> Check(SourceFile file)
    {
        var types = TypeDeclaration.In(file).Where(type => type.Depth == 0).ToList();
        if (types.FirstOrDefault(type => type.Bases.Contains($"IWireFormat<{type.Name}>",
            StringComparison.Ordinal)) is { } wire)
        {
            foreach (var effect in s_effects.Where(effect => file.Code.Contains(effect, StringComparison.Ordinal)))
                yield return file.At(file.Code.IndexOf(effect, StringComparison.Ordinal),
                    $"{wire.Name} has '{effect.Trim()}'");
        }

        if (types.FirstOrDefault(type => type.Name.EndsWith("Machine", StringComparison.Ordinal)) is { } machine)
        {
            foreach (var other in types.Where(type => type != machine && type.Name != machine.Name))
                yield return file.At(other.Start, $"{other.Name} beside {machine.Name}");
        }
    }
}
