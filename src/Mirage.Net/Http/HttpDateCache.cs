namespace Mirage.Net;

/// <summary>The Date field of responses, written once a second.</summary>
internal sealed class HttpDateCache(EventLoop loop)
{
    private readonly byte[] _line = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"u8.ToArray();
    private long _second = -1;

    /// <summary>The field with its line end.</summary>
    public ReadOnlySpan<byte> Line
    {
        get
        {
            var now = loop.UtcNow;
            var second = now.UtcTicks / TimeSpan.TicksPerSecond;
            if (second != _second)
            {
                _second = second;
                HttpDate.Format(now, _line.AsSpan("Date: ".Length));
            }

            return _line;
        }
    }
}
