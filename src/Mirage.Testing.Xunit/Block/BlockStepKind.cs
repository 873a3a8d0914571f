namespace Mirage.Testing;

/// <summary>What is done to a device.</summary>
internal enum BlockStepKind
{
    /// <summary>Reads.</summary>
    Read,

    /// <summary>Writes a pattern.</summary>
    Write,

    /// <summary>Flushes.</summary>
    Flush,

    /// <summary>Discards.</summary>
    Discard,
}
