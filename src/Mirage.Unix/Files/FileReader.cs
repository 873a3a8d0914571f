namespace Mirage.Unix;

/// <summary>Reads regular files, which epoll cannot watch: from the page cache on the loop, from the disk on another
/// thread.</summary>
internal static class FileReader
{
    // What is copied from the cache before others have their turn: about 0.1 ms.
    private const int StepMax = 1024 * 1024;

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on and gives how much there
    /// was.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static async ValueTask<int> Read(OpenFile file, Memory<byte> destination, long offset)
    {
        var filled = 0;
        while (filled < destination.Length)
        {
            if (filled > 0)
                await Task.Yield();
            var step = destination.Slice(filled, Math.Min(StepMax, destination.Length - filled));
            var count = ReadCached(file, step.Span, offset + filled);
            if (count < 0)
                count = await RandomAccess.ReadAsync(file.Handle, step, offset + filled);
            if (count == 0)
                break; // The file was cut meanwhile.
            filled += count;
        }

        return filled;
    }

    /// <summary>Negative when the kernel would wait, or its file system cannot say.</summary>
    private static unsafe int ReadCached(OpenFile file, Span<byte> destination, long offset)
    {
        fixed (byte* start = destination)
            return (int)Libc.ReadCached(file.Descriptor, start, destination.Length, offset);
    }
}
