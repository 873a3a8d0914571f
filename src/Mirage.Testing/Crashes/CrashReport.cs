namespace Mirage.Testing;

/// <summary>What an exploration of power cuts has seen.</summary>
/// <param name="Cuts">Places at which the power was cut.</param>
/// <param name="Outcomes">Outcomes that were checked.</param>
/// <param name="IsExhaustive">Whether these are all that a single power cut can do.</param>
/// <param name="Failure">The first outcome that was wrong, made as small as possible; null for none.</param>
public sealed record CrashReport(int Cuts, int Outcomes, bool IsExhaustive, CrashFailure? Failure)
{
    /// <inheritdoc/>
    public override string ToString() => Failure?.ToString() ??
        $"{Outcomes} outcomes of {Cuts} power cuts{(IsExhaustive ? "" : ", sampled")}: nothing is wrong";
}
