namespace Mirage;

/// <summary>A change of a batch: what the operation of that name in <see cref="IKvRw{TSelf}"/> does, or a condition.
/// Bytes belong to the store until the batch completes.</summary>
public abstract record KvChange
{
    private KvChange() { }

    /// <summary>Sets a value.</summary>
    public sealed record Set(KvKey Key, ReadOnlyMemory<byte> Value) : KvChange;

    /// <summary>Overwrites from an offset on, which is not negative.</summary>
    public sealed record SetPartial(KvKey Key, long Offset, ReadOnlyMemory<byte> Value) : KvChange;

    /// <summary>Removes a value, or a dictionary with all it holds.</summary>
    public sealed record Remove(KvKey Key) : KvChange;

    /// <summary>Moves a value or dictionary.</summary>
    public sealed record Rename(KvKey Source, KvKey Destination) : KvChange;

    /// <summary>Makes a value of so many zero bytes, where nothing is.</summary>
    public sealed record Allocate(KvKey Key, long Size) : KvChange;

    /// <summary>Changes nothing, and refuses the batch with <see cref="KvWriteError.ConditionFailed"/> unless the
    /// condition holds.</summary>
    public sealed record Require(KvKey Key, KvCondition Condition) : KvChange;
}
