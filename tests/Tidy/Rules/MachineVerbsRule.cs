namespace Mirage.Tidy;

/// <summary>A machine has one set of verbs: what happened (Handle*), what to do (TryPoll*), when to wake it
/// (NextTimeout*).</summary>
public sealed class MachineVerbsRule : Rule
{
    private protected override string Sentence =>
        "The methods of a machine are Handle*, TryPoll* and NextTimeout*; the rest is properties.";

    private protected override IEnumerable<SourceFile> Scope =>
        Repository.CSharp("src").Where(static file =>
            file.Name.EndsWith("Machine", StringComparison.Ordinal) && file.Name != "SimMachine"); // It is a computer.

    private protected override IEnumerable<SourceFile> Bad =>
        [new("src/XMachine.cs", "internal sealed class XMachine\n{\n    public bool Send(int a) => true;\n}\n")];

    private protected override IEnumerable<SourceFile> Good =>
    [
        new("src/XMachine.cs", """
            internal sealed class XMachine(int a)
            {
                public XMachine() : this(1) { }
                public int State { get; private set; }
                public long? NextTimeoutNs => Earliest(a);
                public void HandleOpen(long nowNs) { Open(); }
                public bool TryPollTransmit(out int x) => Take(out x);
                private bool Take(out int x) { x = 1; return true; }
                private void Open() { }
                public readonly record struct Answer(int A) { public bool IsKnown() => true; }
            }
            """),
    ];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        from type in TypeDeclaration.In(file)
        where type.Name.EndsWith("Machine", StringComparison.Ordinal)
        from member in Member.Of(file, type)
        let name = member.Method
        where name is not null && name != type.Name && member.Header.StartsWith("public ", StringComparison.Ordinal)
        where !member.Header.StartsWith("public override ", StringComparison.Ordinal)
        where !(name.StartsWith("Handle", StringComparison.Ordinal) ||
            name.StartsWith("TryPoll", StringComparison.Ordinal) ||
                name.StartsWith("NextTimeout", StringComparison.Ordinal))
        select file.At(member.Start, $"{type.Name}.{name}");
}
