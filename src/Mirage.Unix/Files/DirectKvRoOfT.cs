using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>One directory of several, told apart by a tag: its key is <c>--NAME-files</c>.</summary>
/// <typeparam name="TGroup">The tag.</typeparam>
public readonly struct DirectKvRo<TGroup> : IKvRo<DirectKvRo<TGroup>> where TGroup : IGroup
{
    private readonly FileStore _store;

    private DirectKvRo(FileStore store) => _store = store;

    /// <inheritdoc/>
    public static Impl<DirectKvRo<TGroup>> Impl => FilesKey.Store.Map(static store => new DirectKvRo<TGroup>(store));

    /// <inheritdoc/>
    public static string Group => TGroup.Name;

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(DirectKvRo<TGroup> kv, KvKey key) =>
        new(kv._store.Exists(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(DirectKvRo<TGroup> kv, KvKey key) =>
        kv._store.Get(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        DirectKvRo<TGroup> kv, KvKey key, long offset, int length) => kv._store.GetPartial(key, offset, length);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Unit>> Read(
        DirectKvRo<TGroup> kv, KvKey key, PipeWriter destination, CancellationToken cancellation = default) =>
        kv._store.Read(key, destination, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        DirectKvRo<TGroup> kv, KvKey key) => new(kv._store.List(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        DirectKvRo<TGroup> kv, KvKey key, KvRange range) => new(kv._store.List(key, range));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(DirectKvRo<TGroup> kv, KvKey key) =>
        new(kv._store.Look(key, static file => file.Modified));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(DirectKvRo<TGroup> kv, KvKey key) =>
        kv._store.Digest(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(DirectKvRo<TGroup> kv, KvKey key) =>
        new(kv._store.Look(key, static file => file.Size));

    /// <inheritdoc/>
    public static ValueTask Disconnect(DirectKvRo<TGroup> device)
    {
        device._store.Close();
        return ValueTask.CompletedTask;
    }
}
