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

    /// <summary>Why a device of this kind cannot read that, or null; how many sectors it is.</summary>
    public BlockError? RefuseRead(long sector, IReadOnlyList<Memory<byte>> buffers, out long count)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        var total = 0L;
        for (var index = 0; index < buffers.Count; index++)
        {
            if (buffers[index].Length % SectorSize != 0)
                return Misaligned(buffers[index].Length, out count);
            total += buffers[index].Length;
        }

        count = total / SectorSize;
        return RefuseRange(sector, count);
    }

    /// <summary>Why a device of this kind cannot write that, or null; how many sectors it is.</summary>
    public BlockError? RefuseWrite(long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers, out long count)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        var total = 0L;
        for (var index = 0; index < buffers.Count; index++)
        {
            if (buffers[index].Length % SectorSize != 0)
                return Misaligned(buffers[index].Length, out count);
            total += buffers[index].Length;
        }

        count = total / SectorSize;
        return ReadOnly ? new BlockError.ReadOnly() : RefuseRange(sector, count);
    }

    /// <summary>Why a device of this kind cannot discard that, or null.</summary>
    public BlockError? RefuseDiscard(long sector, long count)
    {
        if (!CanDiscard)
            return new BlockError.Unsupported("discard");
        return ReadOnly ? new BlockError.ReadOnly() : RefuseRange(sector, count);
    }

    /// <summary>Why a device of this kind cannot have so many sectors, or null. How much room there is below it is not
    /// known here.</summary>
    public BlockError? RefuseResize(long sectorCount)
    {
        if (!CanResize)
            return new BlockError.Unsupported("resize");
        if (ReadOnly)
            return new BlockError.ReadOnly();
        if (sectorCount < 0)
            return new BlockError.OutOfBounds(sectorCount, 0);
        return sectorCount > long.MaxValue / SectorSize ? new BlockError.NoSpace(sectorCount) : null;
    }

    private BlockError.OutOfBounds? RefuseRange(long sector, long count) =>
        sector < 0 || count < 0 || sector > SectorCount - count ? new BlockError.OutOfBounds(sector, count) : null;

    private static BlockError.BadAlignment Misaligned(int length, out long count)
    {
        count = 0;
        return new(length);
    }
}
