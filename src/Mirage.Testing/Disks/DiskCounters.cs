namespace Mirage.Testing;

/// <summary>What a disk was asked and what it did wrong.</summary>
public record struct DiskCounters
{
    /// <summary>Reads begun.</summary>
    public long Reads { get; internal set; }

    /// <summary>Writes begun.</summary>
    public long Writes { get; internal set; }

    /// <summary>Flushes begun.</summary>
    public long Flushes { get; internal set; }

    /// <summary>Discards begun.</summary>
    public long Discards { get; internal set; }

    /// <summary>Reads that failed.</summary>
    public long ReadErrors { get; internal set; }

    /// <summary>Writes that failed.</summary>
    public long WriteErrors { get; internal set; }

    /// <summary>Flushes that failed.</summary>
    public long FlushErrors { get; internal set; }

    /// <summary>Writes that were acknowledged and did not land.</summary>
    public long LostWrites { get; internal set; }

    /// <summary>Writes that landed elsewhere.</summary>
    public long MisdirectedWrites { get; internal set; }

    /// <summary>Bits that rotted.</summary>
    public long RottenBits { get; internal set; }

    /// <summary>Power cuts.</summary>
    public long Crashes { get; internal set; }

    /// <summary>Unflushed writes that a power cut dropped.</summary>
    public long DroppedWrites { get; internal set; }

    /// <summary>Unflushed writes that a power cut tore.</summary>
    public long TornWrites { get; internal set; }

    /// <summary>All that went wrong: errors, lies, rot, and writes that a power cut dropped or tore.</summary>
    public readonly long Faults => ReadErrors + WriteErrors + FlushErrors + LostWrites + MisdirectedWrites +
        RottenBits + DroppedWrites + TornWrites;
}
