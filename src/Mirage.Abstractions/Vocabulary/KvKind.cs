namespace Mirage;

/// <summary>What a key of a store names.</summary>
public enum KvKind
{
    /// <summary>Bytes.</summary>
    Value,

    /// <summary>Keys below it.</summary>
    Dictionary,
}
