using System.Globalization;

namespace Mirage;

/// <summary>Durations as people write them.</summary>
internal static class DurationText
{
    // The longer suffix first where one ends with the other.
    private static readonly (string Suffix, long Ticks)[] s_units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        foreach (var (suffix, ticks) in s_units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            if (!decimal.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out var count) || count > decimal.MaxValue / ticks)
                return false;
            count *= ticks;
            if (count > long.MaxValue)
                return false;
            value = new((long)count);
            return true;
        }

        return false;
    }

    // The largest unit that the duration is a whole number of; a tick is a ten-thousandth of the smallest unit.
    public static string Print(TimeSpan value)
    {
        for (var index = s_units.Length - 1; index > 0; index--)
        {
            var (suffix, ticks) = s_units[index];
            if (value.Ticks != 0 && value.Ticks % ticks == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / ticks}{suffix}");
        }

        var milliseconds = (decimal)value.Ticks / TimeSpan.TicksPerMillisecond;
        return value.Ticks == 0 ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
    }
}
