/// <summary>The pattern of RFC 864: lines of 72 characters, each beginning one character later in the ring of those
/// that print.</summary>
internal static class ChargenPattern
{
    /// <summary>Bytes of a line with its end.</summary>
    public const int LineSize = 74;

    /// <summary>Lines after which the pattern repeats.</summary>
    public const int Period = 95;

    private const int Repeats = 9; // About 64 KiB: one write fills many segments.

    private static readonly byte[] s_lines = [.. Enumerable.Range(0, Repeats * Period).SelectMany(LineFrom)];

    /// <summary>A whole number of periods.</summary>
    public static ReadOnlyMemory<byte> Lines => s_lines;

    /// <summary>The line of that number.</summary>
    public static ReadOnlyMemory<byte> Line(int number) => s_lines.AsMemory(number % Period * LineSize, LineSize);

    private static IEnumerable<byte> LineFrom(int number) =>
        Enumerable.Range(number, LineSize - 2).Select(static index => (byte)(' ' + (index % Period)))
            .Concat("\r\n"u8.ToArray());
}
