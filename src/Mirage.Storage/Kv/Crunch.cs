using LanguageExt;

namespace Mirage.Storage;

/// <summary>Files that are embedded in the program: MirageOS's crunch. They are read in place, from the program's own
/// image.</summary>
/// <typeparam name="TFiles">The tag, in the assembly that has the files.</typeparam>
public readonly struct Crunch<TFiles> : IKvRo<Crunch<TFiles>> where TFiles : struct, ICrunch
{
    private readonly TreeStore _store;

    private Crunch(TreeStore store) => _store = store;

    /// <inheritdoc/>
    public static Impl<Crunch<TFiles>> Impl => Mirage.Impl.BootHost.Map(static _ => Load());

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(Crunch<TFiles> kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Exists(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(Crunch<TFiles> kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Get(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        Crunch<TFiles> kv, KvKey key, long offset, int length) =>
        new(kv._store.Read(tree => tree.GetPartial(key, offset, length)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        Crunch<TFiles> kv, KvKey key) => List(kv, key, default);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        Crunch<TFiles> kv, KvKey key, KvRange range) => new(kv._store.Read(tree => tree.List(key, range)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(Crunch<TFiles> kv, KvKey key) =>
        new(kv._store.Read(tree => tree.LastModified(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(Crunch<TFiles> kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Digest(key)));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(Crunch<TFiles> kv, KvKey key) =>
        new(kv._store.Read(tree => tree.Size(key)));

    /// <inheritdoc/>
    public static ValueTask Disconnect(Crunch<TFiles> device)
    {
        device._store.Disconnect();
        return ValueTask.CompletedTask;
    }

    internal static Crunch<TFiles> Load() =>
        new(new TreeStore(CrunchResources.Load(typeof(TFiles).Assembly, TFiles.Set)));
}
