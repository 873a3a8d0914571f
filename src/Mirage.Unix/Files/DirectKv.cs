using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>A directory of the machine as a store that is written: MirageOS's <c>direct_kv_rw</c>.</summary>
/// <remarks>
/// <para>The key <c>--files</c> names the directory. Keys lead nowhere else, as in <see cref="DirectKvRo"/>; a name has
/// at most 255 bytes of UTF-8 and a path 4096, and more is <see cref="KvWriteError.BadName"/>.</para>
/// <para>A value is written to a file in <c>.mirage-tmp</c>, made durable by fsync(2), given its name by rename(2), and
/// the name made durable by fsync(2) of its directory: after a crash it is the old or the new, whole. A part that is
/// set writes the value anew. A dictionary that is removed is renamed out of sight first; what the root holds goes name
/// by name. A value's room is taken when it is allocated, where the file system can do that by fallocate(2); elsewhere
/// it is taken as it is written.</para>
/// <para>One program writes the directory at a time; a second one is refused. Whoever else changes files in it while a
/// rename or a conditional set is under way is not noticed.</para>
/// </remarks>
public readonly struct DirectKv : IKvRw<DirectKv>
{
    private readonly DirectStore _store;

    private DirectKv(DirectStore store) => _store = store;

    /// <inheritdoc/>
    public static Impl<DirectKv> Impl => FilesKey.WritableStore.Map(static store => new DirectKv(store));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(DirectKv kv, KvKey key) =>
        new(kv._store.Values.Exists(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(DirectKv kv, KvKey key) =>
        kv._store.Values.Get(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        DirectKv kv, KvKey key, long offset, int length) => kv._store.Values.GetPartial(key, offset, length);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Unit>> Read(
        DirectKv kv, KvKey key, PipeWriter destination, CancellationToken cancellation = default) =>
        kv._store.Values.Read(key, destination, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        DirectKv kv, KvKey key) => new(kv._store.Values.List(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        DirectKv kv, KvKey key, KvRange range) => new(kv._store.Values.List(key, range));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(DirectKv kv, KvKey key) =>
        new(kv._store.Values.Look(key, static file => file.Modified));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(DirectKv kv, KvKey key) =>
        kv._store.Values.Digest(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(DirectKv kv, KvKey key) =>
        new(kv._store.Values.Look(key, static file => file.Size));

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Set(DirectKv kv, KvKey key, ReadOnlyMemory<byte> value) =>
        kv._store.Set(key, value);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Write(
        DirectKv kv, KvKey key, PipeReader source, CancellationToken cancellation = default) =>
        kv._store.Write(key, source, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetIf(
        DirectKv kv, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
        kv._store.Set(key, value, condition);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> SetPartial(
        DirectKv kv, KvKey key, long offset, ReadOnlyMemory<byte> value) => kv._store.SetPartial(key, offset, value);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Remove(DirectKv kv, KvKey key) => kv._store.Remove(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Rename(
        DirectKv kv, KvKey source, KvKey destination) => kv._store.Rename(source, destination);

    /// <inheritdoc/>
    public static ValueTask<Either<KvWriteError, Unit>> Allocate(DirectKv kv, KvKey key, long size) =>
        kv._store.Allocate(key, size);

    /// <inheritdoc/>
    public static ValueTask Disconnect(DirectKv device) => device._store.Close();
}
