using System.Buffers;
using System.IO.Pipelines;
using LanguageExt;

namespace Mirage;

/// <summary>Values in memory and pipes, for stores that stream no better.</summary>
public static class KvPipe
{
    private const int Piece = 64 * 1024;

    /// <summary>Writes <paramref name="value"/> a piece at a time, until the pipe's reader has completed. The writer is
    /// not completed.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first, or the
    /// flush.</exception>
    public static async ValueTask Send(
        ReadOnlyMemory<byte> value, PipeWriter destination, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(destination);
        while (!value.IsEmpty)
        {
            var piece = value[..Math.Min(Piece, value.Length)];
            var flushed = await destination.WriteAsync(piece, cancellation);
            if (flushed.IsCanceled)
                throw new OperationCanceledException("The flush of the pipe was cancelled.");
            if (flushed.IsCompleted)
                return;
            value = value[piece.Length..];
        }
    }

    /// <summary>Reads all that <paramref name="source"/> gives, or None once it is more than <paramref name="most"/>
    /// bytes. The reader is not completed.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first, or the
    /// read.</exception>
    public static async ValueTask<Option<ReadOnlyMemory<byte>>> Collect(
        PipeReader source, long most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var value = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await source.ReadAsync(cancellation);
            if (read.IsCanceled)
                throw new OperationCanceledException("The read of the pipe was cancelled.");
            var isTooMuch = read.Buffer.Length > Math.Min(most, Array.MaxLength) - value.WrittenCount;
            foreach (var piece in isTooMuch ? default : read.Buffer)
                value.Write(piece.Span);
            source.AdvanceTo(read.Buffer.End);
            if (isTooMuch)
                return Option<ReadOnlyMemory<byte>>.None;
            if (read.IsCompleted)
                return value.WrittenMemory;
        }
    }
}
