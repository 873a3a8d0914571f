using System.Globalization;

namespace Mirage.Testing;

/// <summary>When something is expected, counted from where the script is: from what it sent or saw last.</summary>
/// <remarks><c>default</c> is <see cref="PacketVocabulary.Now"/>: before any time passes. Virtual time is exact, and so
/// is this, to a microsecond.</remarks>
public readonly record struct When
{
    internal const long ToleranceNs = 1000;

    internal When(TimeSpan earliest, TimeSpan latest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(earliest, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(latest, earliest);
        (Earliest, Latest) = (earliest, latest);
    }

    /// <summary>The least time that passes.</summary>
    public TimeSpan Earliest { get; }

    /// <summary>The most.</summary>
    public TimeSpan Latest { get; }

    internal long EarliestNs => (long)(Earliest.TotalSeconds * 1e9) - ToleranceNs;

    internal long LatestNs => (long)(Latest.TotalSeconds * 1e9) + ToleranceNs;

    /// <summary><c>+0.040000</c> or <c>+0.000000~+0.500000</c>.</summary>
    public override string ToString() => Earliest == Latest
        ? string.Create(CultureInfo.InvariantCulture, $"+{Earliest.TotalSeconds:F6}")
        : string.Create(CultureInfo.InvariantCulture, $"+{Earliest.TotalSeconds:F6}~+{Latest.TotalSeconds:F6}");
}
