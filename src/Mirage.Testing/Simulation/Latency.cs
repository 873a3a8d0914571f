namespace Mirage.Testing;

/// <summary>How long things take: a distribution to draw from, in integers, so that every machine draws the
/// same.</summary>
public readonly record struct Latency
{
    private const int FractionBits = 20;
    private readonly Shape _shape;
    private readonly long _firstNs;
    private readonly long _secondNs;

    private Latency(Shape shape, TimeSpan first, TimeSpan second)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(second, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, SimWorld.EndOfTime);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(second, SimWorld.EndOfTime);
        (_shape, _firstNs, _secondNs) = (shape, first.Ticks * 100, second.Ticks * 100);
    }

    private enum Shape
    {
        Fixed,
        Uniform,
        Normal,
        Exponential,
    }

    /// <summary>Always the same.</summary>
    public static Latency Fixed(TimeSpan value) => new(Shape.Fixed, value, TimeSpan.Zero);

    /// <summary>Anything from <paramref name="min"/> to <paramref name="max"/>, equally likely.</summary>
    public static Latency Uniform(TimeSpan min, TimeSpan max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        return new(Shape.Uniform, min, max - min);
    }

    /// <summary>A bell around <paramref name="mean"/>, never below 0 nor further than six deviations.</summary>
    public static Latency Normal(TimeSpan mean, TimeSpan deviation) => new(Shape.Normal, mean, deviation);

    /// <summary><paramref name="min"/> and a tail behind it that takes <paramref name="tail"/> on average.</summary>
    public static Latency Exponential(TimeSpan min, TimeSpan tail) => new(Shape.Exponential, min, tail);

    /// <summary>Reads the text that <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static Latency Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Two("..") is var (min, max))
            return min <= max ? Uniform(min, max) : throw Bad();
        if (Two("~") is var (mean, deviation))
            return Normal(mean, deviation);
        if (Two("+") is var (least, tail))
            return Exponential(least, tail);
        return FaultText.ReadSpan(text) is var value && value >= TimeSpan.Zero ? Fixed(value) : throw Bad();

        FormatException Bad() =>
            new($"'{text}' is no latency: write 0.01s, or 0.01s..0.02s, 0.01s~0.001s, 0.01s+0.02s");

        (TimeSpan, TimeSpan)? Two(string separator) => text.Split(separator) is [var one, var other]
            && FaultText.ReadSpan(one) is var first && FaultText.ReadSpan(other) is var second
            && first >= TimeSpan.Zero && second >= TimeSpan.Zero
                ? (first, second)
                : null;
    }

    /// <summary>The next value, ns.</summary>
    public long DrawNs(SplitMix64 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return _shape switch
        {
            Shape.Uniform => _firstNs + random.Next(_secondNs + 1),
            Shape.Normal => Math.Max(0, _firstNs + Scale(_secondNs, Bell(random))),
            Shape.Exponential => _firstNs + Scale(_secondNs, MinusLog(random.Next() | 1)),
            _ => _firstNs,
        };
    }

    /// <summary>As plans write it: <c>0.01s</c>, from least to most <c>0.01s..0.02s</c>, mean and deviation
    /// <c>0.01s~0.001s</c>, least and mean tail <c>0.01s+0.02s</c>.</summary>
    public override string ToString()
    {
        var first = FaultText.Span(TimeSpan.FromTicks(_firstNs / 100));
        return _shape switch
        {
            Shape.Uniform => $"{first}..{FaultText.Span(TimeSpan.FromTicks((_firstNs + _secondNs) / 100))}",
            Shape.Normal => $"{first}~{FaultText.Span(TimeSpan.FromTicks(_secondNs / 100))}",
            Shape.Exponential => $"{first}+{FaultText.Span(TimeSpan.FromTicks(_secondNs / 100))}",
            _ => first,
        };
    }

    private static long Scale(long value, long factor) => (long)(((Int128)value * factor) >> FractionBits);

    // Twelve uniform draws, less their mean of six, have the variance one: Irwin and Hall.
    private static long Bell(SplitMix64 random)
    {
        var sum = -6L << FractionBits;
        for (var draw = 0; draw < 12; draw++)
            sum += random.Next(1L << FractionBits);
        return sum;
    }

    // -ln(value / 2^64) by squaring: each one gives a bit of the logarithm to base two.
    private static long MinusLog(ulong value)
    {
        const long ln2 = 726_817; // ln 2 in FractionBits.
        var zeros = System.Numerics.BitOperations.LeadingZeroCount(value);
        var mantissa = value << zeros; // From 1 to 2, with 63 bits of fraction.
        var log = 0L;
        for (var bit = 0; bit < FractionBits; bit++)
        {
            var square = (UInt128)mantissa * mantissa >> 63;
            log <<= 1;
            if (square >> 64 != 0)
            {
                log |= 1;
                square >>= 1;
            }

            mantissa = (ulong)square;
        }

        return Scale(ln2, ((zeros + 1L) << FractionBits) - log);
    }
}
