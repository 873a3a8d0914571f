using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>A <see cref="CowKv{TBlock}"/> as it was: nothing is copied for it, and what is changed there is not changed
/// here. See <see cref="CowKv{TBlock}.Snapshot"/>.</summary>
/// <remarks>It reads from the device of the store. The pages that it shows are not free until it is disconnected and
/// reads that had begun have ended; a start forgets it.</remarks>
/// <typeparam name="TBlock">The device of the store.</typeparam>
public readonly struct CowKvSnapshot<TBlock> : IKvRo<CowKvSnapshot<TBlock>> where TBlock : struct, IBlock<TBlock>
{
    private readonly CowView _view;

    internal CowKvSnapshot(CowView view) => _view = view;

    /// <summary>The store of the boot as it is when it has just been connected.</summary>
    public static Impl<CowKvSnapshot<TBlock>> Impl => Mirage.Impl.Of<CowKv<TBlock>>().Map(
        static kv => CowKv<TBlock>.Snapshot(kv)
            .IfLeft(static error => throw new InvalidOperationException(error.ToString())));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(CowKvSnapshot<TBlock> kv, KvKey key) =>
        kv._view.Read(key, static (tree, key) => tree.Exists(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(CowKvSnapshot<TBlock> kv, KvKey key) =>
        kv._view.Read(key, static (tree, key) => tree.Get(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        CowKvSnapshot<TBlock> kv, KvKey key, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return kv._view.Read(key, (tree, key) => tree.GetPartial(key, offset, length));
    }

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, Unit>> Read(CowKvSnapshot<TBlock> kv, KvKey key, PipeWriter destination,
        CancellationToken cancellation = default) =>
        kv._view.Read(key, (tree, key) => tree.Read(key, destination, cancellation));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        CowKvSnapshot<TBlock> kv, KvKey key) => List(kv, key, default);

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        CowKvSnapshot<TBlock> kv, KvKey key, KvRange range) =>
        kv._view.Read(key, (tree, key) => tree.List(key, range));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(CowKvSnapshot<TBlock> kv, KvKey key) =>
        kv._view.Read(key, static (tree, key) => tree.LastModified(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(CowKvSnapshot<TBlock> kv, KvKey key) =>
        kv._view.Read(key, static (tree, key) => tree.Digest(key));

    /// <inheritdoc/>
    public static ValueTask<Either<KvError, long>> Size(CowKvSnapshot<TBlock> kv, KvKey key) =>
        kv._view.Read(key, static (tree, key) => tree.Size(key));

    /// <inheritdoc/>
    public static ValueTask Disconnect(CowKvSnapshot<TBlock> device)
    {
        device._view.Disconnect();
        return ValueTask.CompletedTask;
    }
}
