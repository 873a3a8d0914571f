using LanguageExt;

namespace Mirage.Storage;

/// <summary>Judges conditions of stores whose digests take a read.</summary>
internal static class KvConditions
{
    /// <summary>Whether a condition holds where <paramref name="node"/> is; an error where that cannot be
    /// said.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="node">What is there; null for nothing.</param>
    /// <param name="digest">Gives its digest; asked for a value alone.</param>
    public static async ValueTask<Either<KvError, bool>> Holds(this KvCondition condition, KvNode? node,
        Func<ValueTask<Either<KvError, ReadOnlyMemory<byte>>>> digest) =>
        condition switch
        {
            KvCondition.Absent => node is null,
            KvCondition.Present => node?.Kind is KvKind.Value,
            KvCondition.DigestEquals when node?.Kind is not KvKind.Value => false,
            KvCondition.DigestEquals { Digest: var wanted } =>
                (await digest()).Map(own => own.Span.SequenceEqual(wanted.Span)),
            _ => throw new ArgumentNullException(nameof(condition)),
        };
}
