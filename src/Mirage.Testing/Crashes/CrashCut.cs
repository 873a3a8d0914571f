namespace Mirage.Testing;

/// <summary>A place at which the power was cut, with the disk as it was then.</summary>
internal sealed record CrashCut<TState>(DiskSnapshot Disk, TState State, IReadOnlyList<string> Operations);
