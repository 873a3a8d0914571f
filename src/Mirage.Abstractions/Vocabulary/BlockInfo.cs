namespace Mirage;

/// <summary>Size and abilities of a block device.</summary>
/// <param name="SectorSize">Bytes of a sector: a power of two, at least 512.</param>
/// <param name="SectorCount">Sectors.</param>
public readonly record struct BlockInfo(int SectorSize, long SectorCount)
{
    /// <summary>Whether writes are refused.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Sectors that a power cut leaves old or new as one; at least 1.</summary>
    public int AtomicSectors { get; init; } = 1;

    /// <summary>Whether the device can discard.</summary>
    public bool CanDiscard { get; init; }

    /// <summary>Whether the device can be resized.</summary>
    public bool CanResize { get; init; }
}
