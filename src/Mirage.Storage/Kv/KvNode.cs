namespace Mirage.Storage;

/// <summary>What a name in a <see cref="KvTree"/> stands for.</summary>
internal abstract class KvNode
{
    public abstract KvKind Kind { get; }

    /// <summary>The bytes of the values here and below, and of the names below.</summary>
    public abstract long Bytes { get; }
}
