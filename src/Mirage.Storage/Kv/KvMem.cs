using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>A store in memory, empty at each boot: MirageOS's <c>kv_rw_mem</c>.</summary>
/// <remarks>The key <c>--kv-capacity</c> bounds it: the bytes that its names and values may take together. A change
/// that would exceed them is refused with <see cref="KvWriteError.NoSpace"/>.</remarks>
public readonly struct KvMem : IKvBatch<KvMem>
{
    private readonly MemoryStore _store;

    private KvMem(MemoryStore store) => _store = store;

    /// <inheritdoc/>
    public static Impl<KvMem> Impl => MemoryStore.Impl.Map(static store => new KvMem(store));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(KvMem kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Exists(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(KvMem kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Get(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        KvMem kv, KvKey key, long offset, int length) =>
        new(kv._store.Read(tree => tree.GetPartial(key, offset, length)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(KvMem kv, KvKey key) =>
        List(kv, key, default);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        KvMem kv, KvKey key, KvRange range) => new(kv._store.Read(tree => tree.List(key, range)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(KvMem kv, KvKey key) =>
        new(kv._store.Read(tree => tree.LastModified(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(KvMem kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Digest(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(KvMem kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Size(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Set(KvMem kv, KvKey key, ReadOnlyMemory<byte> value) =>
        new(kv._store.Change(new KvChange.Set(key, value)));

    /// <inheritdoc/>
    public static async ValueTask<Either<KvWriteError, Unit>> Write(
        KvMem kv, KvKey key, PipeReader source, CancellationToken cancellation = default) =>
        // A source that never ends takes no more memory than the store may.
        (await KvPipe.Collect(source, kv._store.ValueMax, cancellation)).Case is ReadOnlyMemory<byte> value
            ? await Set(kv, key, value)
            : new KvWriteError.NoSpace(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetIf(
        KvMem kv, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
        new(kv._store.Change(new KvChange.Require(key, condition), new KvChange.Set(key, value)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetPartial(
        KvMem kv, KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        new(kv._store.Change(new KvChange.SetPartial(key, offset, value)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Remove(KvMem kv, KvKey key) =>
        new(kv._store.Change(new KvChange.Remove(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Rename(KvMem kv, KvKey source, KvKey destination) =>
        new(kv._store.Change(new KvChange.Rename(source, destination)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Allocate(KvMem kv, KvKey key, long size) =>
        new(kv._store.Change(new KvChange.Allocate(key, size)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Batch(KvMem kv, IReadOnlyList<KvChange> changes) =>
        new(kv._store.Change(changes));

    /// <summary>The store as it is now, to be read while it changes. It costs nothing to make.</summary>
    public static Either<KvError, KvMemSnapshot> Snapshot(KvMem kv) =>
        kv._store.Read(static tree => Prelude.Right<KvError, KvMemSnapshot>(new(new TreeStore(tree))));

    /// <inheritdoc/>
    public static ValueTask Disconnect(KvMem device)
    {
        device._store.Disconnect();
        return ValueTask.CompletedTask;
    }
}
