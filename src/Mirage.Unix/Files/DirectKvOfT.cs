using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>One directory of several that are written, told apart by a tag: its key is <c>--NAME-files</c>. See
/// <see cref="DirectKv"/>.</summary>
/// <typeparam name="TGroup">The tag.</typeparam>
public readonly struct DirectKv<TGroup> : IKvRw<DirectKv<TGroup>> where TGroup : IGroup
{
    private readonly DirectStore _store;

    private DirectKv(DirectStore store) => _store = store;

    /// <inheritdoc/>
    public static Impl<DirectKv<TGroup>> Impl =>
        FilesKey.WritableStore.Map(static store => new DirectKv<TGroup>(store));

    /// <inheritdoc/>
    public static string Group => TGroup.Name;

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(DirectKv<TGroup> kv, KvKey key) =>
        new(kv._store.Values.Exists(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(DirectKv<TGroup> kv, KvKey key) =>
        kv._store.Values.Get(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        DirectKv<TGroup> kv, KvKey key, long offset, int length) => kv._store.Values.GetPartial(key, offset, length);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Unit>> Read(
        DirectKv<TGroup> kv, KvKey key, PipeWriter destination, CancellationToken cancellation = default) =>
        kv._store.Values.Read(key, destination, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        DirectKv<TGroup> kv, KvKey key) => new(kv._store.Values.List(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        DirectKv<TGroup> kv, KvKey key, KvRange range) => new(kv._store.Values.List(key, range));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(DirectKv<TGroup> kv, KvKey key) =>
        new(kv._store.Values.Look(key, static file => file.Modified));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(DirectKv<TGroup> kv, KvKey key) =>
        kv._store.Values.Digest(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(DirectKv<TGroup> kv, KvKey key) =>
        new(kv._store.Values.Look(key, static file => file.Size));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Set(
        DirectKv<TGroup> kv, KvKey key, ReadOnlyMemory<byte> value) =>
        kv._store.Set(key, value);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Write(
        DirectKv<TGroup> kv, KvKey key, PipeReader source, CancellationToken cancellation = default) =>
        kv._store.Write(key, source, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetIf(
        DirectKv<TGroup> kv, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
        kv._store.Set(key, value, condition);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetPartial(
        DirectKv<TGroup> kv, KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        kv._store.SetPartial(key, offset, value);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Remove(DirectKv<TGroup> kv, KvKey key) => kv._store.Remove(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Rename(
        DirectKv<TGroup> kv, KvKey source, KvKey destination) => kv._store.Rename(source, destination);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Allocate(DirectKv<TGroup> kv, KvKey key, long size) =>
        kv._store.Allocate(key, size);

    /// <inheritdoc/>
    public static ValueTask Disconnect(DirectKv<TGroup> device) => device._store.Close();
}
