using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>A tar archive on a block device as a store that is read: MirageOS's <c>tar_kv_ro</c>.</summary>
/// <remarks>
/// <para>It reads ustar, pax and GNU's format, on sectors of any size. What has one name twice is what came last;
/// <c>./</c> at the front is dropped; a name that ends in a slash is a dictionary. A hard link is the value that it
/// leads to. Names that lead out of the store, symbolic links, devices and files in pieces are left out, and a line of
/// the log says so.</para>
/// <para>The names are in memory, at most 2^18 of them; values are read where they lie. An archive that is damaged is
/// not connected; one that simply ends is none that is damaged.</para>
/// </remarks>
/// <typeparam name="TBlock">The device that the archive begins on.</typeparam>
public readonly struct Tar<TBlock> : IKvRo<Tar<TBlock>> where TBlock : struct, IBlock<TBlock>
{
    private readonly TarStore<TBlock> _store;

    private Tar(TarStore<TBlock> store) => _store = store;

    /// <inheritdoc/>
    public static Impl<Tar<TBlock>> Impl => TarStore<TBlock>.Impl.Map(static store => new Tar<TBlock>(store));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(Tar<TBlock> kv, KvKey key) =>
        new(kv._store.Exists(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(Tar<TBlock> kv, KvKey key) =>
        kv._store.GetPartial(key, 0, long.MaxValue);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        Tar<TBlock> kv, KvKey key, long offset, int length) => kv._store.GetPartial(key, offset, length);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Unit>> Read(
        Tar<TBlock> kv, KvKey key, PipeWriter destination, CancellationToken cancellation = default) =>
        kv._store.Read(key, destination, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(Tar<TBlock> kv, KvKey key) =>
        new(kv._store.List(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        Tar<TBlock> kv, KvKey key, KvRange range) => new(kv._store.List(key, range));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(Tar<TBlock> kv, KvKey key) =>
        new(kv._store.Look(key, static value => value.Modified));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(Tar<TBlock> kv, KvKey key) =>
        kv._store.Digest(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(Tar<TBlock> kv, KvKey key) =>
        new(kv._store.Look(key, static value => value.Bytes));

    /// <inheritdoc/>
    public static ValueTask Disconnect(Tar<TBlock> device) => device._store.Disconnect();
}
