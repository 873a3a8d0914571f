namespace Mirage.Tidy;

/// <summary>A rule of the house. It holds for the repository, and it is shown to fail on a planted text.</summary>
public abstract class Rule
{
    /// <summary>The rule in one sentence, for whoever breaks it.</summary>
    private protected abstract string Sentence { get; }

    /// <summary>What the rule is about.</summary>
    private protected abstract IEnumerable<SourceFile> Scope { get; }

    /// <summary>Texts that break the rule.</summary>
    private protected abstract IEnumerable<SourceFile> Bad { get; }

    /// <summary>Texts that come close and keep it.</summary>
    private protected virtual IEnumerable<SourceFile> Good => [];

    [Fact]
    public void Repository_KeepsTheRule()
    {
        var findings = Scope.SelectMany(Check).ToList();
        Assert.True(findings.Count == 0, $"{Sentence}\n{string.Join('\n', findings)}");
    }

    [Fact]
    public void PlantedBreach_IsFound() => Assert.All(Bad, file => Assert.NotEmpty(Check(file)));

    [Fact]
    public void NearMiss_IsNotFound() => Assert.All(Good, file => Assert.Empty(Check(file)));

    private protected abstract IEnumerable<Finding> Check(SourceFile file);
}
