using System.Globalization;
using System.Text;

namespace Mirage.Testing;

/// <summary>An outcome of a power cut that the check rejects.</summary>
/// <param name="Reason">What the check said.</param>
/// <param name="Operations">What the disk was asked before the last power cut, and the cuts before it.</param>
/// <param name="Damage">What the last power cut did to unflushed writes; what is not named was kept.</param>
/// <param name="Seed">The seed of the exploration, <see cref="CrashLimits.Seed"/>.</param>
public sealed record CrashFailure(
    string Reason, IReadOnlyList<string> Operations, IReadOnlyList<string> Damage, ulong Seed)
{
    private const int MostShown = 1000;

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        var first = Math.Max(0, Operations.Count - MostShown);
        if (first > 0)
            text.Append(CultureInfo.InvariantCulture, $"  {first} before these\n");
        for (var index = first; index < Operations.Count; index++)
            text.Append(CultureInfo.InvariantCulture, $"  {index + 1}. {Operations[index]}\n");
        text.Append("  The power is cut");
        text.Append(Damage.Count == 0 ? "; every unflushed write is kept.\n" : ":\n");
        foreach (var line in Damage)
            text.Append(CultureInfo.InvariantCulture, $"     {line}\n");
        return $"After a power cut: {Reason}\n{text}  Seed {Seed}.";
    }
}
