using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Testing;

/// <summary>Values through pipes that hold little, so that whoever is faster waits.</summary>
internal static class KvStreams
{
    /// <summary>A pipe whose writer waits while it holds <paramref name="pause"/> bytes.</summary>
    public static Pipe Pipe(int pause = 1024) => new(new PipeOptions(readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: pause, resumeWriterThreshold: (pause + 1) / 2,
        minimumSegmentSize: 256));

    /// <summary>What a store writes for a key, all of it.</summary>
    public static async ValueTask<(Either<KvError, Unit> Outcome, byte[] Bytes)> Read<TKv>(TKv kv, KvKey key)
        where TKv : struct, IKvRo<TKv>
    {
        var pipe = Pipe();
        var bytes = Collect(pipe.Reader);
        var outcome = await TKv.Read(kv, key, pipe.Writer);
        await pipe.Writer.CompleteAsync();
        return (outcome, await bytes);
    }

    /// <summary>Sets a value from a pipe that gives a piece at a time.</summary>
    public static async ValueTask<Either<KvWriteError, Unit>> Write<TKv>(
        TKv kv, KvKey key, ReadOnlyMemory<byte> bytes, int piece) where TKv : struct, IKvRw<TKv>
    {
        var pipe = Pipe();
        var feeding = Feed(pipe.Writer, bytes, piece);
        var outcome = await TKv.Write(kv, key, pipe.Reader);
        await pipe.Reader.CompleteAsync(); // What is refused early leaves the writer waiting.
        await feeding;
        return outcome;
    }

    private static async Task<byte[]> Collect(PipeReader reader)
    {
        var bytes = await KvPipe.Collect(reader, Array.MaxLength, default);
        return bytes.IfNone(ReadOnlyMemory<byte>.Empty).ToArray();
    }

    private static async Task Feed(PipeWriter writer, ReadOnlyMemory<byte> bytes, int piece)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(piece, bytes.Length)..])
        {
            if ((await writer.WriteAsync(bytes[..Math.Min(piece, bytes.Length)])).IsCompleted)
                break;
        }

        await writer.CompleteAsync();
    }
}
