namespace Mirage.Storage;

/// <summary>A root that is durable, and who reads it.</summary>
internal sealed class CowRoot(CowSlot slot, CowTree tree)
{
    public CowSlot Slot => slot;

    public CowTree Tree => tree;

    public int Readers { get; set; }

    /// <summary>The pages that the next root does not need.</summary>
    public IReadOnlyList<CowRun> Freed { get; set; } = [];
}
