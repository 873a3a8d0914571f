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

    static virtual ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(PlantedStore store, KvKey key) =>
        KvMem.Digest(store.Kv, key);

    static virtual ValueTask<Either<KvWriteError, Unit>> Set(
        PlantedStore store, KvKey key, ReadOnlyMemory<byte> value) => KvMem.Set(store.Kv, key, value);

    static virtual ValueTask<Either<KvWriteError, Unit>> SetPartial(
        PlantedStore store, KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        KvMem.SetPartial(store.Kv, key, offset, value);

    static virtual ValueTask<Either<KvWriteError, Unit>> Remove(PlantedStore store, KvKey key) =>
        KvMem.Remove(store.Kv, key);

    static virtual ValueTask<Either<KvWriteError, Unit>> Rename(
        PlantedStore store, KvKey source, KvKey destination) => KvMem.Rename(store.Kv, source, destination);

    static virtual ValueTask<Either<KvWriteError, Unit>> Allocate(PlantedStore store, KvKey key, long size) =>
        KvMem.Allocate(store.Kv, key, size);
}
