using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>A FAT12, FAT16 or FAT32 volume with long names on a block device as a store: MirageOS's
/// fat-filesystem.</summary>
/// <remarks>
/// <para>FAT knows no cases: a name that differs from one that is there by case alone is refused, and so are names with
/// <c>"*:&lt;&gt;?\|</c>, control characters or a space at an end. A value is asked for by the name as it was written.
/// Times are UTC in steps of two seconds from 1980 to 2107; a value has less than 2 GiB.</para>
/// <para>FAT is not made for power cuts. A set leaves the value before or after, at worst with clusters that nobody
/// owns; a rename may leave both names. A volume on which chains loop, cross or end too early is connected and is not
/// written to; a value whose chain is none is <see cref="KvError.Corrupt"/>.</para>
/// <para>The FAT, at most 256 MB, and the names, at most 2^18, are in memory. Sectors are the device's.</para>
/// </remarks>
/// <typeparam name="TBlock">The device that the volume begins on.</typeparam>
public readonly struct Fat<TBlock> : IKvRw<Fat<TBlock>> where TBlock : struct, IBlock<TBlock>
{
    private readonly FatStore<TBlock> _store;

    private Fat(FatStore<TBlock> store) => _store = store;

    /// <inheritdoc/>
    public static Impl<Fat<TBlock>> Impl => FatStore<TBlock>.Impl.Map(static store => new Fat<TBlock>(store));

    /// <summary>Makes an empty volume that fills a device, of the kind that its size is usual for or of
    /// <paramref name="kind"/>. There is none until it is whole.</summary>
    /// <param name="block">The device, of sectors of 512 to 4096 bytes. What it holds is lost.</param>
    /// <param name="volumeId">What tells volumes apart.</param>
    /// <param name="kind">The width of the entries.</param>
    public static ValueTask<Either<FatError, Unit>> Format(TBlock block, uint volumeId, FatKind? kind = null) =>
        FatFormat.Write(block, kind, volumeId);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(Fat<TBlock> kv, KvKey key) =>
        new(kv._store.Exists(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(Fat<TBlock> kv, KvKey key) =>
        kv._store.GetPartial(key, 0, long.MaxValue);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        Fat<TBlock> kv, KvKey key, long offset, int length) => kv._store.GetPartial(key, offset, length);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(Fat<TBlock> kv, KvKey key) =>
        new(kv._store.List(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        Fat<TBlock> kv, KvKey key, KvRange range) => new(kv._store.List(key, range));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(Fat<TBlock> kv, KvKey key) =>
        new(kv._store.Look(key, static value => value.Modified));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(Fat<TBlock> kv, KvKey key) =>
        kv._store.Digest(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(Fat<TBlock> kv, KvKey key) =>
        new(kv._store.Look(key, static value => value.Bytes));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Set(Fat<TBlock> kv, KvKey key, ReadOnlyMemory<byte> value) =>
        kv._store.Set(key, value);

    /// <inheritdoc/>
    public static async ValueTask<Either<KvWriteError, Unit>> Write(
        Fat<TBlock> kv, KvKey key, PipeReader source, CancellationToken cancellation = default) =>
        // A source that never ends takes no more memory than the volume has bytes.
        (await KvPipe.Collect(source, kv._store.Room, cancellation)).Case is ReadOnlyMemory<byte> value
            ? await Set(kv, key, value)
            : new KvWriteError.NoSpace(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetIf(
        Fat<TBlock> kv, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
        kv._store.SetIf(key, condition, value);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetPartial(
        Fat<TBlock> kv, KvKey key, long offset, ReadOnlyMemory<byte> value) => kv._store.SetPartial(key, offset, value);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Remove(Fat<TBlock> kv, KvKey key) =>
        kv._store.Remove(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Rename(
        Fat<TBlock> kv, KvKey source, KvKey destination) => kv._store.Rename(source, destination);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Allocate(Fat<TBlock> kv, KvKey key, long size) =>
        kv._store.Allocate(key, size);

    /// <inheritdoc/>
    public static ValueTask Disconnect(Fat<TBlock> device) => device._store.Disconnect();
}
