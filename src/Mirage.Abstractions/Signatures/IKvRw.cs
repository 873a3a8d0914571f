using LanguageExt;

namespace Mirage;

/// <summary>A tree of values that is read and written: MirageOS's KV. Every change is durable when its task
/// completes.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IKvRw<TSelf> : IKvRo<TSelf> where TSelf : struct, IKvRw<TSelf>
{
    /// <summary>Sets a value, old or new as one; dictionaries on the way are made.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> Set(TSelf kv, KvKey key, ReadOnlyMemory<byte> value);

    /// <summary>Overwrites from <paramref name="offset"/> on and extends the value; an offset past the end
    /// appends.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> SetPartial(
        TSelf kv, KvKey key, long offset, ReadOnlyMemory<byte> value);

    /// <summary>Removes a value, or a dictionary with all it holds. A key that is not there is no error.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> Remove(TSelf kv, KvKey key);

    /// <summary>Moves a value or dictionary, as one. A value at <paramref name="destination"/> is replaced; a
    /// dictionary there is moved into.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> Rename(TSelf kv, KvKey source, KvKey destination);

    /// <summary>Makes a value of <paramref name="size"/> zero bytes.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> Allocate(TSelf kv, KvKey key, long size);
}
