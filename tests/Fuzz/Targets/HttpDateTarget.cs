using System.Text;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Dates in the three forms of HTTP.</summary>
internal sealed class HttpDateTarget() : FuzzTarget("http-date")
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_dates = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Wednesday, 31-Dec-75 23:59:59 GMT", "Sat, 29 Feb 2020 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sunday, 29-Feb-00 08:49:37 GMT", "Sun Nov 16 08:49:37 1994"];

    public override IReadOnlyList<string> Reaches => ["accepted", "refused"];

    public override byte[] Generate(SplitMix64 random) => Encoding.Latin1.GetBytes(HttpTexts.Any(s_dates, random));

    public override void Run(ReadOnlySpan<byte> input)
    {
        var isRead = HttpDate.TryParse(input, s_now, out var time);
        Reach(isRead ? "accepted" : "refused");
        if (!isRead)
            return;
        Oracle.Same(TimeSpan.Zero, time.Offset, "A date is UTC.");
        Oracle.Same(time, HttpDate.Truncate(time), "A date has whole seconds.");
        Span<byte> text = stackalloc byte[HttpDate.Size];
        HttpDate.Format(time, text);
        Oracle.That(HttpDate.TryParse(text, s_now, out var again), "What is written is read.");
        Oracle.Same(time, again, "What is written is read as the same time.");
    }
}
