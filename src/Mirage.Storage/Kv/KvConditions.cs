using LanguageExt;

namespace Mirage.Storage;

/// <summary>Judges conditions of stores whose digests take a read.</summary>
internal static class KvConditions
{
    /// <summary>Whether a condition holds where <paramref name="node"/> is.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="node">What is there; null for nothing.</param>
    /// <param name="digest">Gives its digest.</param>
    public static async ValueTask<bool> Holds(this KvCondition condition, KvNode? node,
        Func<ValueTask<Either<KvError, ReadOnlyMemory<byte>>>> digest) =>
        condition switch
        {
            KvCondition.Absent => node is null,
            KvCondition.Present => node?.Kind is KvKind.Value,
            KvCondition.DigestEquals { Digest: var wanted } => (await digest()).Case is ReadOnlyMemory<byte> own
                && own.Span.SequenceEqual(wanted.Span),
            _ => throw new ArgumentNullException(nameof(condition)),
        };
}
