namespace Mirage.Testing;

/// <summary>What a disk held at one moment, unflushed writes included: see <see cref="SimDisk.Snapshot"/>.</summary>
public sealed class DiskSnapshot
{
    internal DiskSnapshot(DiskImage image, IReadOnlyList<PendingWrite> pending) => (Image, Pending) = (image, pending);

    /// <summary>The writes that a power cut could undo.</summary>
    public IReadOnlyList<PendingWrite> Pending { get; }

    internal DiskImage Image { get; }
}
