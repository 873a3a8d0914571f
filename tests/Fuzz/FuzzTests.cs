namespace Mirage.Fuzz;

/// <summary>Every target bears its corpus and a short run from a fixed seed; <c>./fuzz</c> runs for longer.</summary>
public sealed class FuzzTests
{
    private const ulong Seed = 2026;

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Corpus_IsBorne(string name)
    {
        var corpus = FuzzFolder.Corpus(name);
        Assert.NotEmpty(corpus);
        foreach (var (file, input) in corpus)
            Assert.Null(new FuzzLoop(Target(name), Seed, []).Replay(input, $"corpus file {file}")?.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void InputsOfASeed_AreBorne(string name)
    {
        var target = Target(name);
        target.Reached.Clear();
        var loop = new FuzzLoop(target, Seed, [.. FuzzFolder.Corpus(name).Select(static item => item.Input)]);
        Assert.Null(loop.Run(target.ShortRun)?.ToString());
        Assert.Equal(target.ShortRun, loop.Inputs);
        Assert.Empty(target.Reaches.Except(target.Reached));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void InputsOfASeed_AreTheSameAgain(string name)
    {
        var (one, other) = (new FuzzLoop(Target(name), Seed, []), new FuzzLoop(Target(name), Seed, []));
        for (var number = 0; number < 20; number++)
            Assert.Equal(one.Make(number), other.Make(number));
    }

    [Fact]
    public void EveryCorpus_HasItsTarget() =>
        Assert.Empty(FuzzFolder.Names.Except(FuzzTargets.All.Select(target => target.Name)));

    private static FuzzTarget Target(string name) => FuzzTargets.Find(name)!;
}
