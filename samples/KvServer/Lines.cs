using System.Buffers;
using System.IO.Pipelines;
using System.Text;

/// <summary>Text in lines on a pipe.</summary>
internal static class Lines
{
    /// <summary>The next line without its end, or null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The line is longer than <paramref name="max"/>. It is over, and nothing
    /// of it was kept.</exception>
    /// <exception cref="IOException">The flow broke.</exception>
    public static async ValueTask<string?> Read(PipeReader input, int max)
    {
        var isLong = false;
        while (true)
        {
            var read = await input.ReadAsync();
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end);
                isLong |= line.Length > max;
                var text = isLong ? null : Encoding.UTF8.GetString(line);
                input.AdvanceTo(read.Buffer.GetPosition(1, end));
                return text ?? throw TooLong(max);
            }

            isLong |= read.Buffer.Length > max;
            input.AdvanceTo(isLong ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return isLong ? throw TooLong(max) : null;
        }
    }

    private static InvalidDataException TooLong(int max) => new($"A line has at most {max} bytes.");
}
