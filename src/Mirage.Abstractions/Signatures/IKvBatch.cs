using LanguageExt;

namespace Mirage;

/// <summary>A store that makes several changes as one. One whose type does not say so does not offer it.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IKvBatch<TSelf> : IKvRw<TSelf> where TSelf : struct, IKvBatch<TSelf>
{
    /// <summary>Makes all the changes or none: no reader sees, and no power cut leaves, a part of them.</summary>
    /// <remarks>
    /// Each is made to what the ones before it leave. The first that is refused refuses the batch, with the error that
    /// it has alone, which names its key. No changes are a batch too.
    /// </remarks>
    static abstract ValueTask<Either<KvWriteError, Unit>> Batch(TSelf kv, IReadOnlyList<KvChange> changes);
}
