using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>A test is named by state, event and outcome.</summary>
public sealed partial class TestNamesRule : Rule
{
    private protected override string Sentence => "A test is named State_Event_Outcome: at least two parts.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("tests", "src");

    private protected override IEnumerable<SourceFile> Bad =>
        [new("tests/A.cs", "class A\n{\n    [Theory]\n    [InlineData(1)]\n    public void Works(int a) { }\n}\n")];

    private protected override IEnumerable<SourceFile> Good =>
    [
        new("tests/A.cs", """
            class A
            {
                [Fact]
                public void SynReceived_Fin_GoesToCloseWait() { }
                public void Help() { }
            }
            """),
    ];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        from type in TypeDeclaration.In(file)
        from member in Member.Of(file, type)
        where IsTest().IsMatch(member.Attributes) && member.Method is { } name &&
            !name.Contains('_', StringComparison.Ordinal)
        select file.At(member.Start, member.Method!);

    [GeneratedRegex(@"\b(?:\w*Fact|\w*Theory|Property)\b")]
    private static partial Regex IsTest();
}
