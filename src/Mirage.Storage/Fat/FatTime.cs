namespace Mirage.Storage;

/// <summary>Times as FAT keeps them: the date in the upper 16 bits, the time of the day in the lower (Microsoft 1.03,
/// "Date and Time Formats").</summary>
/// <remarks>
/// <code>
///  31        25      21    16      11       5           0
/// +---------+-------+-----+-------+--------+-----------+
/// | year    | month | day | hours | minutes| seconds/2 |
/// +---------+-------+-----+-------+--------+-----------+
/// </code>
/// They are taken as UTC. What lies before 1980 or after 2107 is the nearest time that does not.
/// </remarks>
internal static class FatTime
{
    private const int FirstYear = 1980, LastYear = 2107;

    /// <summary>The stamp of a time.</summary>
    public static uint Of(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        if (utc.Year < FirstYear)
            utc = new DateTime(FirstYear, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        if (utc.Year > LastYear)
            utc = new DateTime(LastYear, 12, 31, 23, 59, 58, DateTimeKind.Utc);
        var date = ((utc.Year - FirstYear) << 9) | (utc.Month << 5) | utc.Day;
        return (uint)((date << 16) | (utc.Hour << 11) | (utc.Minute << 5) | (utc.Second / 2));
    }

    /// <summary>The time of a stamp; the parts of one that is none are brought to the nearest that are.</summary>
    public static DateTimeOffset Read(uint stamp)
    {
        var (year, month) = (FirstYear + (int)(stamp >> 25), Math.Clamp((int)(stamp >> 21) & 15, 1, 12));
        var day = Math.Clamp((int)(stamp >> 16) & 31, 1, DateTime.DaysInMonth(year, month));
        return new(year, month, day, Math.Min((int)(stamp >> 11) & 31, 23), Math.Min((int)(stamp >> 5) & 63, 59),
            Math.Min((int)(stamp & 31) * 2, 58), TimeSpan.Zero);
    }
}
