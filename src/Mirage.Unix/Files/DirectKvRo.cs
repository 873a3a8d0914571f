using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>A directory of the machine as a store: MirageOS's <c>direct_kv_ro</c>.</summary>
/// <remarks>
/// <para>The key <c>--files</c> names the directory. A relative name is looked for in the working directory and then
/// beside the program, so that a sample finds its files wherever it is started.</para>
/// <para>No key leads out of the directory: not by <c>..</c>, which is no key, and not by a symbolic link, which the
/// kernel resolves beneath the directory. Only regular files are values.</para>
/// <para>A file in the page cache is read on the loop; what must come from a disk is read by another thread while the
/// loop goes on. Names and sizes are looked up on the loop.</para>
/// </remarks>
public readonly struct DirectKvRo : IKvRo<DirectKvRo>
{
    private readonly FileStore _store;

    private DirectKvRo(FileStore store) => _store = store;

    /// <inheritdoc/>
    public static Impl<DirectKvRo> Impl => FilesKey.Store.Map(static store => new DirectKvRo(store));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(DirectKvRo kv, KvKey key) =>
        new(kv._store.Exists(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(DirectKvRo kv, KvKey key) => kv._store.Get(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        DirectKvRo kv, KvKey key, long offset, int length) => kv._store.GetPartial(key, offset, length);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Unit>> Read(
        DirectKvRo kv, KvKey key, PipeWriter destination, CancellationToken cancellation = default) =>
        kv._store.Read(key, destination, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        DirectKvRo kv, KvKey key) => new(kv._store.List(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        DirectKvRo kv, KvKey key, KvRange range) => new(kv._store.List(key, range));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(DirectKvRo kv, KvKey key) =>
        new(kv._store.Look(key, static file => file.Modified));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(DirectKvRo kv, KvKey key) =>
        kv._store.Digest(key);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(DirectKvRo kv, KvKey key) =>
        new(kv._store.Look(key, static file => file.Size));

    /// <inheritdoc/>
    public static ValueTask Disconnect(DirectKvRo device)
    {
        device._store.Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>A store outside a boot.</summary>
    internal static Either<ConnectError, DirectKvRo> Open(string path) =>
        FileStore.Open(path).Map(static store => new DirectKvRo(store));
}
