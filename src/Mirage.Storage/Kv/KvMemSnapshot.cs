using LanguageExt;

namespace Mirage.Storage;

/// <summary>A <see cref="KvMem"/> as it was: nothing is copied for it, and what is changed there is not changed here.
/// See <see cref="KvMem.Snapshot"/>.</summary>
/// <remarks>It lives on when the store is disconnected, and keeps in memory what it shows until it is disconnected
/// itself.</remarks>
public readonly struct KvMemSnapshot : IKvRo<KvMemSnapshot>
{
    private readonly TreeStore _store;

    internal KvMemSnapshot(TreeStore store) => _store = store;

    /// <summary>The store of the boot as it is when it has just been connected.</summary>
    public static Impl<KvMemSnapshot> Impl => Mirage.Impl.Of<KvMem>().Map(static kv => KvMem.Snapshot(kv)
        .IfLeft(static error => throw new InvalidOperationException(error.ToString())));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(KvMemSnapshot kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Exists(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(KvMemSnapshot kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Get(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        KvMemSnapshot kv, KvKey key, long offset, int length) =>
        new(kv._store.Read(tree => tree.GetPartial(key, offset, length)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        KvMemSnapshot kv, KvKey key) => List(kv, key, default);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        KvMemSnapshot kv, KvKey key, KvRange range) => new(kv._store.Read(tree => tree.List(key, range)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(KvMemSnapshot kv, KvKey key) =>
        new(kv._store.Read(tree => tree.LastModified(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(KvMemSnapshot kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Digest(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(KvMemSnapshot kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Size(key)));

    /// <inheritdoc/>
    public static ValueTask Disconnect(KvMemSnapshot device)
    {
        device._store.Disconnect();
        return ValueTask.CompletedTask;
    }
}
