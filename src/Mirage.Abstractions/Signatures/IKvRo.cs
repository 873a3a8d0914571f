using System.IO.Pipelines;
using LanguageExt;

namespace Mirage;

/// <summary>A tree of values that is read: MirageOS's KV, the read-only half.</summary>
/// <remarks>What asks for a value gives <see cref="KvError.ValueExpected"/> for a dictionary, the root among them, and
/// <see cref="KvError.NotFound"/> where nothing is. Below a value nothing can be: asking there, or for the children of
/// a value, gives
/// <see cref="KvError.DictionaryExpected"/>. A store that is disconnected gives
/// <see cref="KvError.Disconnected"/>.</remarks>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IKvRo<TSelf> : IDevice<TSelf> where TSelf : struct, IKvRo<TSelf>
{
    /// <summary>What <paramref name="key"/> names, or None; None below a value too.</summary>
    static abstract ValueTask<Either<KvError, Option<KvKind>>> Exists(TSelf kv, KvKey key);

    /// <summary>The whole value.</summary>
    static abstract ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(TSelf kv, KvKey key);

    /// <summary>
    /// The bytes from <paramref name="offset"/> on, at most <paramref name="length"/>: fewer at the end of the value,
    /// none beyond it.
    /// </summary>
    static abstract ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        TSelf kv, KvKey key, long offset, int length);

    /// <summary>Writes the whole value to <paramref name="destination"/>, a piece at a time: one version of it, which
    /// was there when the call was made or later, whatever is set meanwhile.</summary>
    /// <remarks>
    /// The pipe stays open: its writer is completed by the caller. It ends early, without an error, when the pipe's
    /// reader has completed. After an error the pipe may have a beginning of the value. A store that does no better
    /// holds the value in memory meanwhile.
    /// </remarks>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first.</exception>
    static virtual async ValueTask<Either<KvError, Unit>> Read(
        TSelf kv, KvKey key, PipeWriter destination, CancellationToken cancellation = default)
    {
        var value = await TSelf.Get(kv, key);
        if (value.Case is KvError error)
            return error;
        await KvPipe.Send((ReadOnlyMemory<byte>)value, destination, cancellation);
        return Unit.Default;
    }

    /// <summary>The immediate children of a dictionary, by name in ordinal order.</summary>
    static abstract ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(TSelf kv, KvKey key);

    /// <summary>Those children whose names are in <paramref name="range"/>, so that many are asked for page by
    /// page.</summary>
    static virtual async ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
        TSelf kv, KvKey key, KvRange range) => (await TSelf.List(kv, key)).Map(range.Of);

    /// <summary>When the value was last set. A dictionary gives <see cref="KvError.ValueExpected"/>.</summary>
    static abstract ValueTask<Either<KvError, DateTimeOffset>> LastModified(TSelf kv, KvKey key);

    /// <summary>A digest that is equal for equal bytes and, but for chance, different for others. A dictionary gives
    /// <see cref="KvError.ValueExpected"/>.</summary>
    static abstract ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(TSelf kv, KvKey key);

    /// <summary>Bytes of the value. A dictionary gives <see cref="KvError.ValueExpected"/>.</summary>
    static abstract ValueTask<Either<KvError, long>> Size(TSelf kv, KvKey key);
}
