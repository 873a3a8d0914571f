using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>The values in a directory.</summary>
internal sealed class FileStore(RootDirectory root)
{
    private const int Step = 64 * 1024;

    public static Either<ConnectError, FileStore> Open(string path) =>
        RootDirectory.Open(path).Map(static root => new FileStore(root));

    public Either<KvError, Option<KvKind>> Exists(KvKey key) => root.Open(key, forReading: false).Match(
        Right: static file =>
        {
            using (file)
                return Option<KvKind>.Some(file.Kind);
        },
        Left: static error => error is KvError.NotFound or KvError.DictionaryExpected
            ? Option<KvKind>.None
            : Prelude.Left<KvError, Option<KvKind>>(error));

    public ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(KvKey key) =>
        Read(key, static file => Read(file, 0, file.Size));

    public ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(KvKey key, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return Read(key, file => Read(file, offset, Math.Min(length, Math.Max(0, file.Size - offset))));
    }

    /// <summary>Writes the value that the file has now: one that is put in its place meanwhile is another
    /// file.</summary>
    public ValueTask<Either<KvError, Unit>> Read(KvKey key, PipeWriter destination, CancellationToken cancellation) =>
        root.Open(key, forReading: true).Match(
            Right: file => Send(key, file, destination, cancellation),
            Left: static error => new ValueTask<Either<KvError, Unit>>(error));

    public Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>> List(KvKey key, KvRange range = default) =>
        root.Open(key, forReading: true).Bind(file =>
        {
            using (file)
            {
                return file.Kind == KvKind.Dictionary
                    ? DirectoryReader.List(root, key, file, range)
                    : new KvError.DictionaryExpected(key);
            }
        });

    /// <summary>Takes something from a value without reading it.</summary>
    public Either<KvError, T> Look<T>(KvKey key, Func<OpenFile, T> take) =>
        root.Open(key, forReading: false).Bind(file =>
        {
            using (file)
            {
                return file.Kind == KvKind.Value
                    ? Prelude.Right<KvError, T>(take(file))
                    : new KvError.ValueExpected(key);
            }
        });

    public ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(KvKey key) => Read(key, Digest);

    public void Close() => root.Dispose();

    private static async ValueTask<ReadOnlyMemory<byte>> Read(OpenFile file, long offset, long length)
    {
        if (length > Array.MaxLength)
            throw new IOException("too long to be read in one piece");
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        var count = await FileReader.Read(file, bytes, offset);
        return bytes.AsMemory(0, count);
    }

    private static async ValueTask<Either<KvError, Unit>> Send(
        KvKey key, OpenFile file, PipeWriter destination, CancellationToken cancellation)
    {
        using var _ = file;
        if (file.Kind != KvKind.Value)
            return new KvError.ValueExpected(key);
        for (var offset = 0L; offset < file.Size;)
        {
            var step = destination.GetMemory((int)Math.Min(Step, file.Size - offset));
            int count;
            try
            {
                count = await FileReader.Read(file, step[..(int)Math.Min(step.Length, file.Size - offset)], offset);
            }
            catch (IOException failure) // The pipe's exceptions are not the store's.
            {
                return new KvError.Storage(key, failure.Message);
            }

            if (count == 0)
                return new KvError.Storage(key, "the file was cut while it was being read");
            destination.Advance(count);
            offset += count;
            var flushed = await destination.FlushAsync(cancellation);
            if (flushed.IsCanceled)
                throw new OperationCanceledException("The flush of the pipe was cancelled.");
            if (flushed.IsCompleted)
                break;
        }

        return Unit.Default;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> Digest(OpenFile file)
    {
        var hash = default(ContentHash);
        var step = GC.AllocateUninitializedArray<byte>((int)Math.Min(Step, Math.Max(file.Size, 1)));
        for (var offset = 0L; ;)
        {
            var count = await FileReader.Read(file, step, offset);
            hash.Append(step.AsSpan(0, count));
            offset += count;
            if (count < step.Length || offset >= file.Size)
                break;
            await Task.Yield();
        }

        var digest = new byte[ContentHash.Size];
        hash.Finish(digest);
        return digest;
    }

    private ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Read(
        KvKey key, Func<OpenFile, ValueTask<ReadOnlyMemory<byte>>> take) => root.Open(key, forReading: true).Match(
        Right: file => Read(key, file, take),
        Left: static error => new ValueTask<Either<KvError, ReadOnlyMemory<byte>>>(error));

    private static async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Read(
        KvKey key, OpenFile file, Func<OpenFile, ValueTask<ReadOnlyMemory<byte>>> take)
    {
        using (file)
        {
            if (file.Kind != KvKind.Value)
                return new KvError.ValueExpected(key);
            try
            {
                return await take(file);
            }
            catch (IOException failure)
            {
                return new KvError.Storage(key, failure.Message);
            }
        }
    }
}
