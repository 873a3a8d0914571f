using LanguageExt;

namespace Mirage;

/// <summary>A tree of values that is read: MirageOS's KV, the read-only half.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IKvRo<TSelf> : IDevice<TSelf> where TSelf : struct, IKvRo<TSelf>
{
    /// <summary>What <paramref name="key"/> names, or None.</summary>
    static abstract ValueTask<Either<KvError, Option<KvKind>>> Exists(TSelf kv, KvKey key);

    /// <summary>The whole value.</summary>
    static abstract ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(TSelf kv, KvKey key);

    /// <summary>
    /// The bytes from <paramref name="offset"/> on, at most <paramref name="length"/>: fewer at the end of the value,
    /// none beyond it.
    /// </summary>
    static abstract ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        TSelf kv, KvKey key, long offset, int length);

    /// <summary>The immediate children of a dictionary, by name in ordinal order.</summary>
    static abstract ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(TSelf kv, KvKey key);

    /// <summary>When the value was last set.</summary>
    static abstract ValueTask<Either<KvError, DateTimeOffset>> LastModified(TSelf kv, KvKey key);

    /// <summary>A digest that is equal for equal bytes and, but for chance, different for others.</summary>
    static abstract ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(TSelf kv, KvKey key);

    /// <summary>Bytes of the value.</summary>
    static abstract ValueTask<Either<KvError, long>> Size(TSelf kv, KvKey key);
}
