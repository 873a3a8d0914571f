using System.IO.Pipelines;
using LanguageExt;
using Microsoft.Extensions.Logging;

namespace Mirage.Storage;

/// <summary>An archive that is read: an index in memory, the values on the device.</summary>
internal partial class TarStore<TBlock>(TBlock block, KvTree tree) where TBlock : struct, IBlock<TBlock>
{
    private const int PieceSize = 1 << 16;

    public static Impl<TarStore<TBlock>> Impl =>
        (Mirage.Impl.BootHost, Mirage.Impl.Of<TBlock>()).Apply(static (host, block) => Open(host, block)).Connect();

    /// <summary>The names and where their values are; null once the store is disconnected.</summary>
    protected KvTree? Tree { get; set; } = tree;

    /// <summary>The device.</summary>
    protected TBlock Block => block;

    public Either<KvError, Option<KvKind>> Exists(KvKey key) =>
        Tree is null ? new KvError.Disconnected() : Tree.Exists(key);

    public Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>> List(KvKey key, KvRange range = default) =>
        Tree is null ? new KvError.Disconnected() : Tree.List(key, range);

    public Either<KvError, T> Look<T>(KvKey key, Func<TarValue, T> look) => Find(key).Map(look);

    public async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(KvKey key, long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var found = Find(key);
        if (found.Case is not TarValue value)
            return (KvError)found.Case;
        var start = Math.Min(offset, value.Bytes);
        var size = Math.Min(length, value.Bytes - start);
        if (size > Array.MaxLength)
            return new KvError.Storage(key, $"{size} bytes are too many for one answer");
        var bytes = new byte[size];
        return await BlockBytes<TBlock>.Read(block, value.Offset + start, bytes) is { } failure
            ? Failed(key, failure)
            : new ReadOnlyMemory<byte>(bytes);
    }

    /// <summary>The whole value, a piece at a time: nobody writes where it lies.</summary>
    public async ValueTask<Either<KvError, Unit>> Read(
        KvKey key, PipeWriter destination, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var found = Find(key);
        if (found.Case is not TarValue value)
            return (KvError)found.Case;
        for (var offset = 0L; offset < value.Bytes;)
        {
            var piece = destination.GetMemory(PieceSize)[..(int)Math.Min(PieceSize, value.Bytes - offset)];
            if (await BlockBytes<TBlock>.Read(block, value.Offset + offset, piece) is { } failure)
                return Failed(key, failure);
            destination.Advance(piece.Length);
            offset += piece.Length;
            var flushed = await destination.FlushAsync(cancellation);
            if (flushed.IsCanceled)
                throw new OperationCanceledException("The flush of the pipe was cancelled.");
            if (flushed.IsCompleted)
                break;
        }

        return Unit.Default;
    }

    public async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(KvKey key)
    {
        var found = Find(key);
        if (found.Case is not TarValue value)
            return (KvError)found.Case;
        var (hash, piece) = (default(ContentHash), new byte[Math.Min(PieceSize, value.Bytes)]);
        for (var offset = 0L; offset < value.Bytes; offset += piece.Length)
        {
            var part = piece.AsMemory(0, (int)Math.Min(piece.Length, value.Bytes - offset));
            if (await BlockBytes<TBlock>.Read(block, value.Offset + offset, part) is { } failure)
                return Failed(key, failure);
            hash.Append(part.Span);
        }

        var digest = new byte[ContentHash.Size];
        hash.Finish(digest);
        return new ReadOnlyMemory<byte>(digest);
    }

    public virtual ValueTask Disconnect()
    {
        Tree = null;
        return ValueTask.CompletedTask;
    }

    /// <summary>The index of the archive on a device, and where the archive ends.</summary>
    protected static async ValueTask<Either<ConnectError, (TarIndex Index, long End)>> Scan(Host host, TBlock block)
    {
        var (scanner, index) = (new TarScanner<TBlock>(block), new TarIndex());
        while (await scanner.Next() is { } entry)
        {
            if (index.Add(entry) is { } excess)
                return new ConnectError($"the archive has {excess}", "use a smaller archive");
        }

        if (scanner.Fault is { } fault)
            return new ConnectError($"the archive is damaged: {fault}", "make the archive anew");
        if (index.LeftOut > 0)
            LogLeftOut(host.Logs.CreateLogger("tar"), index.LeftOut, index.Examples);
        return (index, scanner.Position);
    }

    protected static KvError Failed(KvKey key, BlockError failure) => new KvError.Block(key, failure);

    private static async ValueTask<Either<ConnectError, TarStore<TBlock>>> Open(Host host, TBlock block) =>
        (await Scan(host, block)).Map(found => new TarStore<TBlock>(block, found.Index.Tree));

    private Either<KvError, TarValue> Find(KvKey key) => Tree is null
        ? new KvError.Disconnected()
        : Tree.Find(key).Bind(node => node is TarValue value
            ? Prelude.Right<KvError, TarValue>(value)
            : new KvError.ValueExpected(key));

    [LoggerMessage(1, LogLevel.Warning, "{Count} entries of the archive are not in the store: {Examples}")]
    private static partial void LogLeftOut(ILogger logger, int count, string examples);
}
