namespace Mirage.Interop;

/// <summary>A step of a script and what was seen of it.</summary>
internal sealed record StageStep(string Label, IReadOnlyList<string> Lines)
{
    /// <summary>All that was seen, on one line; a dash for nothing.</summary>
    public string Outcome => Lines.Count == 0 ? "–" : string.Join("; ", Lines);

    public override string ToString() => $"{Label} → {Outcome}";
}
