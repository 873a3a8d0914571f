using System.IO.Pipelines;
using LanguageExt;

namespace Mirage;

/// <summary>A tree of values that is read and written: MirageOS's KV. Every change is durable when its task completes,
/// but in a store that says that it leaves that to <see cref="Flush"/>.</summary>
/// <remarks>What is refused changes nothing. A dictionary where a value is to be is
/// <see cref="KvError.ValueExpected"/>, a value on the way <see cref="KvError.DictionaryExpected"/>, each with the key
/// that was given. Dictionaries on the way to what is set, allocated or moved are made, and they stay when what they
/// held is gone. Bytes that are given are not changed until the task completes.</remarks>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IKvRw<TSelf> : IKvRo<TSelf> where TSelf : struct, IKvRw<TSelf>
{
    /// <summary>Sets a value, old or new as one. A dictionary is not replaced.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> Set(TSelf kv, KvKey key, ReadOnlyMemory<byte> value);

    /// <summary>Sets a value to all that <paramref name="source"/> gives, old or new as one: it is there when the
    /// source has completed. Whatever fails, nothing is changed.</summary>
    /// <remarks>
    /// The pipe stays open: its reader is completed by the caller. The exception with which the source's writer gave up
    /// is thrown. A store that does no better holds the value in memory until then.
    /// </remarks>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first, or the read of
    /// the pipe.</exception>
    static virtual async ValueTask<Either<KvWriteError, Unit>> Write(
        TSelf kv, KvKey key, PipeReader source, CancellationToken cancellation = default) =>
        (await KvPipe.Collect(source, Array.MaxLength, cancellation)).Case is ReadOnlyMemory<byte> value
            ? await TSelf.Set(kv, key, value)
            : new KvWriteError.NoSpace(key);

    /// <summary><see cref="Set"/>, if <paramref name="condition"/> holds, with nothing in between; else
    /// <see cref="KvWriteError.ConditionFailed"/>.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> SetIf(
        TSelf kv, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value);

    /// <summary>Overwrites from <paramref name="offset"/> on and extends the value; an offset past the end appends.
    /// Where nothing is, a value is made.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> SetPartial(
        TSelf kv, KvKey key, long offset, ReadOnlyMemory<byte> value);

    /// <summary>Removes a value, or a dictionary with all it holds; of the root, what it holds. A key that is not there
    /// is no error.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> Remove(TSelf kv, KvKey key);

    /// <summary>Moves a value or dictionary, as one. A dictionary at <paramref name="destination"/> is moved into,
    /// under the name that <paramref name="source"/> has.</summary>
    /// <remarks>
    /// A value in the place is replaced by a value; for a dictionary it is <see cref="KvError.ValueExpected"/>. A
    /// dictionary in the place, when it is not the source itself, is <see cref="KvWriteError.AlreadyPresent"/>. A
    /// destination below the source is <see cref="KvWriteError.RenameSourcePrefix"/>, whatever is there.
    /// </remarks>
    static abstract ValueTask<Either<KvWriteError, Unit>> Rename(TSelf kv, KvKey source, KvKey destination);

    /// <summary>Makes a value of <paramref name="size"/> zero bytes, where nothing is.</summary>
    static abstract ValueTask<Either<KvWriteError, Unit>> Allocate(TSelf kv, KvKey key, long size);

    /// <summary>On return every change that had completed before is durable, which it was already in most
    /// stores.</summary>
    static virtual async ValueTask<Either<KvWriteError, Unit>> Flush(TSelf kv) =>
        (await TSelf.Exists(kv, KvKey.Root)).Match<Either<KvWriteError, Unit>>(
            Right: static _ => Unit.Default,
            Left: static error => new KvWriteError.Read(error));
}
