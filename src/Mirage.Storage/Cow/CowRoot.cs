namespace Mirage.Storage;

/// <summary>A root that is durable, and who reads it.</summary>
internal sealed class CowRoot(CowSlot slot, CowTree tree)
{
    public CowSlot Slot => slot;

    public CowTree Tree => tree;

    public int Readers { get; set; }

    /// <summary>Pages that no later root needs which is read.</summary>
    public List<CowRun> Freed { get; } = [];
}
