namespace Mirage.Testing;

/// <summary>Something that goes wrong with a disk, as data: <see cref="SimDisk.Inject"/> does it.</summary>
/// <remarks>The first operation after the call is number 1. In a fault plan a fault is its name and its numbers, as
/// <c>read-error 2 3</c>.</remarks>
public abstract record DiskFault
{
    private DiskFault() { }

    /// <summary>The fault in the words of a fault plan, as <c>unreadable 7 2</c>.</summary>
    public sealed override string ToString() => DiskFaultText.Write(this);

    /// <summary>Reads fail, from number <paramref name="Number"/> on, <paramref name="Times"/> times.</summary>
    public sealed record ReadError(long Number = 1, long Times = 1) : DiskFault;

    /// <summary>Writes fail and land in part, from number <paramref name="Number"/> on, <paramref name="Times"/>
    /// times.</summary>
    public sealed record WriteError(long Number = 1, long Times = 1) : DiskFault;

    /// <summary>Flush number <paramref name="Number"/> fails, and with it every later one until the power is
    /// cut.</summary>
    public sealed record FlushError(long Number = 1) : DiskFault;

    /// <summary>The sectors cannot be read until each is written again.</summary>
    public sealed record Unreadable(long Sector, int Sectors = 1) : DiskFault;

    /// <summary>Writes are acknowledged and never land, from number <paramref name="Number"/> on,
    /// <paramref name="Times"/> times.</summary>
    public sealed record LostWrite(long Number = 1, long Times = 1) : DiskFault;

    /// <summary>Write number <paramref name="Number"/> is acknowledged and lands at
    /// <paramref name="Sector"/>.</summary>
    public sealed record MisdirectedWrite(long Sector, long Number = 1) : DiskFault;

    /// <summary>One bit of a sector is turned over.</summary>
    public sealed record BitRot(long Sector, int Bit) : DiskFault;

    /// <summary>No sector that holds only zeros can be filled any more: a thin volume whose pool is used up.</summary>
    public sealed record Full : DiskFault;

    /// <summary>There is space again.</summary>
    public sealed record NotFull : DiskFault;

    /// <summary>The sectors from <paramref name="Sectors"/> on are gone, though <see cref="SimDisk.Info"/> counts
    /// them.</summary>
    public sealed record Truncated(long Sectors) : DiskFault;

    /// <summary>Operations take <paramref name="Times"/> times their time; 1 heals it.</summary>
    public sealed record Slow(int Times) : DiskFault;
}
