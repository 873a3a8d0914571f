using System.Buffers;
using System.IO.Pipelines;
using System.Text;

/// <summary>Text in lines on a pipe.</summary>
internal static class Lines
{
    /// <summary>The next line without its end, or null at the end of the stream.</summary>
    /// <exception cref="IOException">The line is longer than <paramref name="max"/>, or the flow broke.</exception>
    public static async ValueTask<string?> Read(PipeReader input, int max)
    {
        while (true)
        {
            var read = await input.ReadAsync();
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end));
                input.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            var (isLong, isOver) = (read.Buffer.Length > max, read.IsCompleted);
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (isLong)
                throw new IOException($"A line is longer than {max} bytes.");
            if (isOver)
                return null;
        }
    }
}
