namespace Mirage.Net;

/// <summary>The Date field of responses, written once a second.</summary>
internal sealed class HttpDateCache(EventLoop loop)
{
    private readonly byte[] _line = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"u8.ToArray();
    private long _untilNs = long.MinValue; // In the loop's time: it is cheaper to ask than the time of day.

    /// <summary>The field with its line end.</summary>
    public ReadOnlySpan<byte> Line
    {
        get
        {
            if (loop.CoarseNs >= _untilNs)
            {
                var now = loop.UtcNow;
                var left = TimeSpan.TicksPerSecond - (now.UtcTicks % TimeSpan.TicksPerSecond);
                _untilNs = loop.CoarseNs + (left * TimeSpan.NanosecondsPerTick);
                HttpDate.Format(now, _line.AsSpan("Date: ".Length));
            }

            return _line;
        }
    }
}
