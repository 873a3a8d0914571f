namespace Mirage;

/// <summary>What a change may be bound to.</summary>
/// <remarks>A condition is judged before anything else: where a dictionary is, none holds.</remarks>
public abstract record KvCondition
{
    private KvCondition() { }

    /// <summary>Nothing is there: the change makes the value.</summary>
    public sealed record Absent : KvCondition;

    /// <summary>A value is there: the change replaces it.</summary>
    public sealed record Present : KvCondition;

    /// <summary>A value is there that has that digest, as <see cref="IKvRo{TSelf}.Digest"/> of the same store gave it:
    /// nobody has changed it since.</summary>
    public sealed record DigestEquals(ReadOnlyMemory<byte> Digest) : KvCondition;
}
