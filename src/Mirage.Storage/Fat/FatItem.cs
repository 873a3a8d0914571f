namespace Mirage.Storage;

/// <summary>A named entry of a directory.</summary>
/// <param name="Name">The long name, or the short one where there is no long one.</param>
/// <param name="Entry">What it is.</param>
/// <param name="First">The number of the first entry that belongs to its name.</param>
/// <param name="Last">The number of the entry itself.</param>
internal readonly record struct FatItem(string Name, FatEntry Entry, int First, int Last);
