namespace Mirage.Testing;

/// <summary>A write or a discard under way, cut into the atomic units of its disk.</summary>
internal sealed class DiskWrite(long target, List<PendingWrite> units, BlockError? error, bool isLost)
{
    /// <summary>The first sector that was asked for.</summary>
    public long Target => target;

    public BlockError? Error => error;

    /// <summary>What has not landed and will.</summary>
    public IEnumerable<PendingWrite> Remaining => isLost ? [] : units;

    /// <summary>One of <see cref="Remaining"/> has reached the cache.</summary>
    public void Land(PendingWrite unit, DiskImage image)
    {
        units.RemoveAll(other => other.Sector == unit.Sector);
        image.Land(unit);
    }
}
