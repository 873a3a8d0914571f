namespace Mirage.Testing;

/// <summary>A write that a power cut may still undo: one atomic unit of a disk, or a part of one.</summary>
/// <param name="Sector">The first sector.</param>
/// <param name="Bytes">What is written, whole sectors.</param>
/// <param name="InFlight">Whether the disk has not acknowledged it.</param>
public readonly record struct PendingWrite(long Sector, ReadOnlyMemory<byte> Bytes, bool InFlight);
