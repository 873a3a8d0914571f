namespace Mirage.Testing;

/// <summary>What a link takes the liberty of, beyond what is asked of every link.</summary>
[Flags]
public enum LinkLiberties
{
    /// <summary>Nothing: each frame arrives once, in order.</summary>
    None = 0,

    /// <summary>Frames may be lost, as <see cref="INetwork{TSelf}"/> allows.</summary>
    Loses = 1,

    /// <summary>Frames may overtake each other.</summary>
    Reorders = 2,

    /// <summary>Frames may arrive more than once.</summary>
    Duplicates = 4,
}
