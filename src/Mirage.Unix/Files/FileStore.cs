using LanguageExt;

namespace Mirage.Unix;

/// <summary>The values in a directory.</summary>
internal sealed class FileStore(RootDirectory root)
{
    private const int DigestStep = 64 * 1024;

    public static Either<ConnectError, FileStore> Open(string path) =>
        RootDirectory.Open(path).Map(static root => new FileStore(root));

    public Either<KvError, Option<KvKind>> Exists(KvKey key) => root.Open(key, forReading: false).Match(
        Right: static file =>
        {
            using (file)
                return Option<KvKind>.Some(file.Kind);
        },
        Left: static error => error is KvError.NotFound
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

    public Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>> List(KvKey key) =>
        root.Open(key, forReading: true).Bind(file =>
        {
            using (file)
            {
                return file.Kind == KvKind.Dictionary
                    ? DirectoryReader.List(root, key, file)
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

    private static async ValueTask<ReadOnlyMemory<byte>> Digest(OpenFile file)
    {
        var digest = new ContentDigest(0, 0);
        var step = GC.AllocateUninitializedArray<byte>((int)Math.Min(DigestStep, Math.Max(file.Size, 1)));
        for (var offset = 0L; ;)
        {
            var count = await FileReader.Read(file, step, offset);
            digest.Add(step.AsSpan(0, count));
            offset += count;
            if (count < step.Length || offset >= file.Size)
                return digest.Finish();
            await Task.Yield();
        }
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
