namespace Mirage.Interop;

/// <summary>A step of a script that two stacks do not show alike.</summary>
/// <param name="Script">The script.</param>
/// <param name="Step">The step, by its place and what it is.</param>
/// <param name="Ours">What our stack showed.</param>
/// <param name="Kernels">What the kernel's showed.</param>
internal sealed record Difference(string Script, string Step, string Ours, string Kernels)
{
    /// <summary>Compares what two stages saw of one script, step by step.</summary>
    public static IEnumerable<Difference> Between(
        string script, IReadOnlyList<StageStep> ours, IReadOnlyList<StageStep> kernels)
    {
        Assert.Equal(ours.Select(step => step.Label), kernels.Select(step => step.Label));
        return ours.Select((our, at) => new Difference(
                script, $"{1 + at}: {our.Label}", our.Outcome, kernels[at].Outcome))
            .Where(difference => difference.Ours != difference.Kernels);
    }

    public override string ToString() => $"| {Script} | {Step} | {Ours} | {Kernels} |";
}
