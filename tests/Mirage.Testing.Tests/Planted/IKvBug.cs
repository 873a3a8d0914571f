using System.IO.Pipelines;
using LanguageExt;
using Mirage.Storage;

namespace Mirage.Testing.Tests;

/// <summary>What a planted store does; as it is here there is nothing wrong with it.</summary>
public interface IKvBug
{
    static virtual ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(PlantedStore store, KvKey key) =>
        KvMem.Get(store.Kv, key);

    static virtual ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        PlantedStore store, KvKey key, long offset, int length) => KvMem.GetPartial(store.Kv, key, offset, length);

    static virtual ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        PlantedStore store, KvKey key) => KvMem.List(store.Kv, key);

    static virtual ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        PlantedStore store, KvKey key, KvRange range) => KvMem.List(store.Kv, key, range);

    static virtual ValueTask<Either<KvError, Unit>> Read(
        PlantedStore store, KvKey key, PipeWriter destination, CancellationToken cancellation) =>
        Default<KvMem>(store.Kv, key, destination, cancellation);

    static virtual ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(PlantedStore store, KvKey key) =>
        KvMem.Digest(store.Kv, key);

    static virtual ValueTask<Either<KvWriteError, Unit>> Set(
        PlantedStore store, KvKey key, ReadOnlyMemory<byte> value) => KvMem.Set(store.Kv, key, value);

    static virtual ValueTask<Either<KvWriteError, Unit>> Write(
        PlantedStore store, KvKey key, PipeReader source, CancellationToken cancellation) =>
        KvMem.Write(store.Kv, key, source, cancellation);

    static virtual ValueTask<Either<KvWriteError, Unit>> SetIf(
        PlantedStore store, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
        KvMem.SetIf(store.Kv, key, condition, value);

    static virtual ValueTask<Either<KvWriteError, Unit>> SetPartial(
        PlantedStore store, KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        KvMem.SetPartial(store.Kv, key, offset, value);

    static virtual ValueTask<Either<KvWriteError, Unit>> Remove(PlantedStore store, KvKey key) =>
        KvMem.Remove(store.Kv, key);

    static virtual ValueTask<Either<KvWriteError, Unit>> Rename(
        PlantedStore store, KvKey source, KvKey destination) => KvMem.Rename(store.Kv, source, destination);

    static virtual ValueTask<Either<KvWriteError, Unit>> Allocate(PlantedStore store, KvKey key, long size) =>
        KvMem.Allocate(store.Kv, key, size);

    static virtual ValueTask<Either<KvWriteError, Unit>> Batch(PlantedStore store, IReadOnlyList<KvChange> changes) =>
        KvMem.Batch(store.Kv, changes);

    private static ValueTask<Either<KvError, Unit>> Default<TKv>(
        TKv kv, KvKey key, PipeWriter destination, CancellationToken cancellation) where TKv : struct, IKvRo<TKv> =>
        TKv.Read(kv, key, destination, cancellation);
}
