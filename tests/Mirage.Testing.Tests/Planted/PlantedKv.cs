using System.IO.Pipelines;
using LanguageExt;
using Mirage.Storage;

namespace Mirage.Testing.Tests;

/// <summary>A sound store in memory, but for what <typeparamref name="TBug"/> does in its place.</summary>
public readonly struct PlantedKv<TBug> : IKvBatch<PlantedKv<TBug>> where TBug : IKvBug
{
    private readonly PlantedStore _store;

    private PlantedKv(PlantedStore store) => _store = store;

    public static Impl<PlantedKv<TBug>> Impl => (Mirage.Impl.BootHost, Mirage.Impl.Of<KvMem>()).Apply(
        static (host, kv) => new PlantedKv<TBug>(new PlantedStore(host, kv)));

    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(PlantedKv<TBug> kv, KvKey key) =>
        KvMem.Exists(kv._store.Kv, key);

    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(PlantedKv<TBug> kv, KvKey key) =>
        TBug.Get(kv._store, key);

    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        PlantedKv<TBug> kv, KvKey key, long offset, int length) => TBug.GetPartial(kv._store, key, offset, length);

    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        PlantedKv<TBug> kv, KvKey key) => TBug.List(kv._store, key);

    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        PlantedKv<TBug> kv, KvKey key, KvRange range) => TBug.List(kv._store, key, range);

    public static ValueTask<Either<KvError, Unit>> Read(
        PlantedKv<TBug> kv, KvKey key, PipeWriter destination, CancellationToken cancellation = default) =>
        TBug.Read(kv._store, key, destination, cancellation);

    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(PlantedKv<TBug> kv, KvKey key) =>
        KvMem.LastModified(kv._store.Kv, key);

    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(PlantedKv<TBug> kv, KvKey key) =>
        TBug.Digest(kv._store, key);

    public static ValueTask<Either<KvError, long>> Size(PlantedKv<TBug> kv, KvKey key) =>
        KvMem.Size(kv._store.Kv, key);

    public static ValueTask<Either<KvWriteError, Unit>> Set(
        PlantedKv<TBug> kv, KvKey key, ReadOnlyMemory<byte> value) => TBug.Set(kv._store, key, value);

    public static ValueTask<Either<KvWriteError, Unit>> Write(
        PlantedKv<TBug> kv, KvKey key, PipeReader source, CancellationToken cancellation = default) =>
        TBug.Write(kv._store, key, source, cancellation);

    public static ValueTask<Either<KvWriteError, Unit>> SetIf(
        PlantedKv<TBug> kv, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
        TBug.SetIf(kv._store, key, condition, value);

    public static ValueTask<Either<KvWriteError, Unit>> SetPartial(
        PlantedKv<TBug> kv, KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        TBug.SetPartial(kv._store, key, offset, value);

    public static ValueTask<Either<KvWriteError, Unit>> Remove(PlantedKv<TBug> kv, KvKey key) =>
        TBug.Remove(kv._store, key);

    public static ValueTask<Either<KvWriteError, Unit>> Rename(
        PlantedKv<TBug> kv, KvKey source, KvKey destination) => TBug.Rename(kv._store, source, destination);

    public static ValueTask<Either<KvWriteError, Unit>> Allocate(PlantedKv<TBug> kv, KvKey key, long size) =>
        TBug.Allocate(kv._store, key, size);

    public static ValueTask<Either<KvWriteError, Unit>> Batch(
        PlantedKv<TBug> kv, IReadOnlyList<KvChange> changes) => TBug.Batch(kv._store, changes);
}
