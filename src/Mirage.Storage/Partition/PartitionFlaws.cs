namespace Mirage.Storage;

/// <summary>What is wrong with a GPT that can be used all the same: <see cref="PartitionTable.Repair"/> mends
/// it.</summary>
[Flags]
public enum PartitionFlaws
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The boot record does not say that there is a GPT.</summary>
    NoProtectiveMbr = 1,

    /// <summary>The first copy is damaged; the second one counts.</summary>
    Primary = 2,

    /// <summary>The second copy is damaged, or does not say what the first one does; the first one counts.</summary>
    Backup = 4,

    /// <summary>The boot record has partitions of its own beside the announcement of the GPT. They are not looked at,
    /// and a repair leaves them.</summary>
    HybridMbr = 8,
}
