namespace Mirage.Storage;

/// <summary>What the next commit makes durable: the edits of one or several writers, one after another.</summary>
internal sealed class CowTransaction(CowSlot before)
{
    public CowLink Root { get; private set; } = before.Root;

    public long NextId { get; private set; } = before.NextId;

    /// <summary>The generation of the root that it makes.</summary>
    public ulong Generation => before.Generation + 1;

    /// <summary>Pages that were taken for values.</summary>
    public List<CowRun> Taken { get; } = [];

    public List<CowRun> Freed { get; } = [];

    /// <summary>Drafts in the tree: each takes a page.</summary>
    public int Drafts { get; private set; }

    public bool IsChanged { get; private set; }

    public void Add(CowEdit edit)
    {
        (Root, NextId, Drafts) = (edit.Root, edit.NextId, Drafts + edit.Drafts);
        Taken.AddRange(edit.Taken);
        Freed.AddRange(edit.Freed);
        IsChanged |= edit.IsChanged;
    }
}
