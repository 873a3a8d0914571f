namespace Mirage.Testing;

/// <summary>A write that a power cut left on the disk.</summary>
/// <param name="Pending">Its place in <see cref="SimDisk.Pending"/>.</param>
/// <param name="Bytes">How many of its first bytes landed; all of them unless it is torn.</param>
public readonly record struct Survivor(int Pending, int Bytes = int.MaxValue);
