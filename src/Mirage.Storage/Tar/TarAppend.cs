using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>A tar archive on a block device that grows: what is read is <see cref="Tar{TBlock}"/>'s, and a set is one
/// more entry at the end.</summary>
/// <remarks>
/// <para>A device of zeros is an empty archive. Whatever is set is durable on return, and a power cut leaves the value
/// before or after; what it replaces stays in the archive and takes its room, and so does every version of a partial
/// set. Nothing can be removed or renamed: <see cref="KvWriteError.Unsupported"/>. There must be room for the two
/// blocks that end an archive, and for the name among the 2^18, of 2^26 characters together, that an archive is opened
/// with: else a set is <see cref="KvWriteError.NoSpace"/>.</para>
/// <para>Entries are ustar, with a pax header where a name is long or has more than ASCII. After a failure of the
/// device that may have left an entry half there the store is read-only until it is connected again.</para>
/// </remarks>
/// <typeparam name="TBlock">The device that the archive begins on.</typeparam>
public readonly struct TarAppend<TBlock> : IKvRw<TarAppend<TBlock>> where TBlock : struct, IBlock<TBlock>
{
    private readonly TarAppendStore<TBlock> _store;

    private TarAppend(TarAppendStore<TBlock> store) => _store = store;

    /// <inheritdoc/>
    public static Impl<TarAppend<TBlock>> Impl =>
        TarAppendStore<TBlock>.Impl.Map(static store => new TarAppend<TBlock>(store));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(TarAppend<TBlock> kv, KvKey key) =>
        new(kv._store.Exists(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(TarAppend<TBlock> kv, KvKey key) =>
        kv._store.GetPartial(key, 0, long.MaxValue);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        TarAppend<TBlock> kv, KvKey key, long offset, int length) => kv._store.GetPartial(key, offset, length);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Unit>> Read(
        TarAppend<TBlock> kv, KvKey key, PipeWriter destination, CancellationToken cancellation = default) =>
        kv._store.Read(key, destination, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        TarAppend<TBlock> kv, KvKey key) => new(kv._store.List(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        TarAppend<TBlock> kv, KvKey key, KvRange range) => new(kv._store.List(key, range));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(TarAppend<TBlock> kv, KvKey key) =>
        new(kv._store.Look(key, static value => value.Modified));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(TarAppend<TBlock> kv, KvKey key) =>
        kv._store.Digest(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(TarAppend<TBlock> kv, KvKey key) =>
        new(kv._store.Look(key, static value => value.Bytes));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Set(
        TarAppend<TBlock> kv, KvKey key, ReadOnlyMemory<byte> value) => kv._store.Set(key, value);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Write(
        TarAppend<TBlock> kv, KvKey key, PipeReader source, CancellationToken cancellation = default) =>
        kv._store.Write(key, source, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetIf(
        TarAppend<TBlock> kv, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
        kv._store.SetIf(key, condition, value);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetPartial(
        TarAppend<TBlock> kv, KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        kv._store.SetPartial(key, offset, value);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Remove(TarAppend<TBlock> kv, KvKey key) =>
        new(kv._store.Remove(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Rename(
        TarAppend<TBlock> kv, KvKey source, KvKey destination) => new(kv._store.Rename(source, destination));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Allocate(TarAppend<TBlock> kv, KvKey key, long size) =>
        kv._store.Allocate(key, size);

    /// <inheritdoc/>
    public static ValueTask Disconnect(TarAppend<TBlock> device) => device._store.Disconnect();
}
