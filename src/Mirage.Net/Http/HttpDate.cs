using System.Globalization;
using System.Text;

namespace Mirage.Net;

/// <summary>Dates of HTTP, RFC 9110 section 5.6.7, with a resolution of one second.</summary>
internal static class HttpDate
{
    /// <summary>Bytes of <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    public const int Size = 29;

    private const int LongestSize = 33; // Wednesday, 06-Nov-94 08:49:37 GMT

    // RFC 850 is matched without its weekday, which depends on the century.
    private static readonly string[] s_formats = ["r", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>Writes the preferred form, <see cref="Size"/> bytes.</summary>
    public static void Format(DateTimeOffset time, Span<byte> destination) =>
        time.UtcDateTime.TryFormat(destination, out _, "r", CultureInfo.InvariantCulture);

    /// <summary>The time without what HTTP cannot say.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    /// <summary>Reads the three forms that a recipient accepts. Total: anything else is no date.</summary>
    /// <param name="source">The field's value.</param>
    /// <param name="now">Tells the century of a two-digit year: at most 50 years ahead.</param>
    /// <param name="time">The time, in UTC.</param>
    public static bool TryParse(ReadOnlySpan<byte> source, DateTimeOffset now, out DateTimeOffset time)
    {
        time = default;
        if (source.Length is < 24 or > LongestSize)
            return false;

        Span<char> text = stackalloc char[LongestSize];
        text = text[..Encoding.Latin1.GetChars(source, text)];
        const DateTimeStyles Utc =
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowInnerWhite;
        return DateTimeOffset.TryParseExact(text, s_formats, CultureInfo.InvariantCulture, Utc, out time)
            || TryParseRfc850(text, now, out time);
    }

    private static bool TryParseRfc850(ReadOnlySpan<char> text, DateTimeOffset now, out DateTimeOffset time)
    {
        time = default;
        var comma = text.IndexOf(',');
        if (comma < 0 || text.Length != comma + 24
            || !int.TryParse(text.Slice(comma + 9, 2), NumberStyles.None, null, out var year))
            return false;

        year += now.Year - (now.Year % 100);
        if (year > now.Year + 50)
            year -= 100;
        Span<char> rest = stackalloc char[24]; // '06-Nov-1994 08:49:37 GMT'
        text.Slice(comma + 2, 7).CopyTo(rest);
        if (!year.TryFormat(rest[7..], out _, "0000", CultureInfo.InvariantCulture))
            return false;
        text[(comma + 11)..].CopyTo(rest[11..]);
        return DateTimeOffset.TryParseExact(rest, "dd-MMM-yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }
}
