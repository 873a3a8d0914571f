using System.IO.Pipelines;
using LanguageExt;
using Mirage.Storage;

namespace Mirage.Testing.Tests;

/// <summary>Nothing is wrong with it: it takes its time before and after, as a disk does.</summary>
public sealed class Slow : IKvBug
{
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(PlantedStore store, KvKey key) =>
        Later(store, () => KvMem.Get(store.Kv, key));

    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        PlantedStore store, KvKey key, long offset, int length) =>
        Later(store, () => KvMem.GetPartial(store.Kv, key, offset, length));

    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        PlantedStore store, KvKey key) => Later(store, () => KvMem.List(store.Kv, key));

    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        PlantedStore store, KvKey key, KvRange range) => Later(store, () => KvMem.List(store.Kv, key, range));

    public static ValueTask<Either<KvWriteError, Unit>> Write(
        PlantedStore store, KvKey key, PipeReader source, CancellationToken cancellation) =>
        Later(store, () => KvMem.Write(store.Kv, key, source, cancellation));

    public static ValueTask<Either<KvWriteError, Unit>> SetIf(
        PlantedStore store, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
        Later(store, () => KvMem.SetIf(store.Kv, key, condition, value));

    public static ValueTask<Either<KvWriteError, Unit>> Batch(PlantedStore store, IReadOnlyList<KvChange> changes) =>
        Later(store, () => KvMem.Batch(store.Kv, changes));

    public static ValueTask<Either<KvWriteError, Unit>> Set(
        PlantedStore store, KvKey key, ReadOnlyMemory<byte> value) =>
        Later(store, () => KvMem.Set(store.Kv, key, value));

    public static ValueTask<Either<KvWriteError, Unit>> SetPartial(
        PlantedStore store, KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        Later(store, () => KvMem.SetPartial(store.Kv, key, offset, value));

    public static ValueTask<Either<KvWriteError, Unit>> Remove(PlantedStore store, KvKey key) =>
        Later(store, () => KvMem.Remove(store.Kv, key));

    public static ValueTask<Either<KvWriteError, Unit>> Rename(
        PlantedStore store, KvKey source, KvKey destination) =>
        Later(store, () => KvMem.Rename(store.Kv, source, destination));

    public static ValueTask<Either<KvWriteError, Unit>> Allocate(PlantedStore store, KvKey key, long size) =>
        Later(store, () => KvMem.Allocate(store.Kv, key, size));

    private static async ValueTask<T> Later<T>(PlantedStore store, Func<ValueTask<T>> act)
    {
        await Pause(store.Host);
        var answer = await act();
        await Pause(store.Host);
        return answer;
    }

    private static async ValueTask Pause(Host host)
    {
        var random = new byte[1];
        host.FillRandom(random);
        await Task.Delay(TimeSpan.FromMilliseconds(random[0] % 5), host.Time);
    }
}
