using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>A store on a block device that power cuts do not hurt: the default store of a unikernel.</summary>
/// <remarks>
/// <para>A tree whose pages are never written in place. A change writes new pages beside the old ones, and a root over
/// them last: a power cut leaves the store before it or after it. What is read is checked against a sum that is kept
/// elsewhere, so that rot, and writes that the device lost or put elsewhere, are
/// <see cref="KvError.Corrupt"/>, not other bytes. <c>docs/cowkv-format.md</c> has the format.</para>
/// <para>A batch is one commit, and so are changes that come while a commit is under way. Readers see the store as it
/// was when they were called, and nobody waits for them. A value of more than an eighth of a page is kept in pieces of
/// 32 KiB: changing a part writes its pieces alone. Times are kept to 100 ns.</para>
/// <para>A device whose first 256 KiB are zeros is formatted when it is connected; one that holds something else is
/// refused unless <c>--kv-format</c> is given, which does nothing where a store is. The key <c>--kv-cache</c> bounds
/// the memory for pages of the tree. When it cannot be known whether a commit reached the device, the store takes no
/// more writes until it is connected again.</para>
/// </remarks>
/// <typeparam name="TBlock">The device: 512 KiB are enough with sectors of up to 8 KiB; larger ones ask for more, the
/// largest, of 64 KiB, for 1408 KiB.</typeparam>
public readonly struct CowKv<TBlock> : IKvBatch<CowKv<TBlock>> where TBlock : struct, IBlock<TBlock>
{
    private readonly CowStore _store;

    private CowKv(CowStore store) => _store = store;

    /// <inheritdoc/>
    public static Impl<CowKv<TBlock>> Impl =>
        (Mirage.Impl.BootHost, Mirage.Impl.Of<TBlock>(), CowKeys.Cache, CowKeys.Format).Apply(Open).Connect();

    /// <summary>Makes an empty store on <paramref name="block"/>, whatever was there. A power cut meanwhile leaves what
    /// was there, if it was a store, or the new one.</summary>
    public static ValueTask<Either<ConnectError, Unit>> Format(Host host, TBlock block) =>
        CowStore.Format(new CowDevice<TBlock>(block), host);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(CowKv<TBlock> kv, KvKey key) =>
        kv._store.Read(key, static (tree, key) => tree.Exists(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(CowKv<TBlock> kv, KvKey key) =>
        kv._store.Read(key, static (tree, key) => tree.Get(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        CowKv<TBlock> kv, KvKey key, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return kv._store.Read(key, (tree, key) => tree.GetPartial(key, offset, length));
    }

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Unit>> Read(
        CowKv<TBlock> kv, KvKey key, PipeWriter destination, CancellationToken cancellation = default) =>
        kv._store.Read(key, (tree, key) => tree.Read(key, destination, cancellation));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        CowKv<TBlock> kv, KvKey key) => List(kv, key, default);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        CowKv<TBlock> kv, KvKey key, KvRange range) => kv._store.Read(key, (tree, key) => tree.List(key, range));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(CowKv<TBlock> kv, KvKey key) =>
        kv._store.Read(key, static (tree, key) => tree.LastModified(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(CowKv<TBlock> kv, KvKey key) =>
        kv._store.Read(key, static (tree, key) => tree.Digest(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(CowKv<TBlock> kv, KvKey key) =>
        kv._store.Read(key, static (tree, key) => tree.Size(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Set(
        CowKv<TBlock> kv, KvKey key, ReadOnlyMemory<byte> value) => kv._store.Change(new KvChange.Set(key, value));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Write(
        CowKv<TBlock> kv, KvKey key, PipeReader source, CancellationToken cancellation = default) =>
        kv._store.Write(key, source, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetIf(
        CowKv<TBlock> kv, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
        kv._store.Change(new KvChange.Require(key, condition), new KvChange.Set(key, value));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetPartial(
        CowKv<TBlock> kv, KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        kv._store.Change(new KvChange.SetPartial(key, offset, value));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Remove(CowKv<TBlock> kv, KvKey key) =>
        kv._store.Change(new KvChange.Remove(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Rename(CowKv<TBlock> kv, KvKey source, KvKey destination) =>
        kv._store.Change(new KvChange.Rename(source, destination));

    /// <summary>Makes a value of zeros, which take no space until they are overwritten; more than there is room for is
    /// refused.</summary>
    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Allocate(CowKv<TBlock> kv, KvKey key, long size) =>
        kv._store.Change(new KvChange.Allocate(key, size));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Batch(CowKv<TBlock> kv, IReadOnlyList<KvChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return kv._store.Change([.. changes]);
    }

    /// <summary>The store as it is now, to be read while it changes. It costs nothing to make; while it is not
    /// disconnected, the pages that it shows are not free.</summary>
    public static Either<KvError, CowKvSnapshot<TBlock>> Snapshot(CowKv<TBlock> kv) =>
        kv._store.View().Map(static view => new CowKvSnapshot<TBlock>(view));

    /// <inheritdoc/>
    public static ValueTask Disconnect(CowKv<TBlock> device) => device._store.Disconnect();

    private static async ValueTask<Either<ConnectError, CowKv<TBlock>>> Open(
        Host host, TBlock block, long cacheBytes, bool formats) =>
        (await CowStore.Open(new CowDevice<TBlock>(block), host, cacheBytes, formats))
        .Map(static store => new CowKv<TBlock>(store));
}
