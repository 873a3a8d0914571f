namespace Mirage.Storage;

/// <summary>Pages one after another.</summary>
internal readonly record struct CowRun(long Page, int Count);
