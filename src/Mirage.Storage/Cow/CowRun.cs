namespace Mirage.Storage;

/// <summary>Pages one after another.</summary>
/// <param name="Page">The first.</param>
/// <param name="Count">How many.</param>
/// <param name="Born">Of pages that a root has: the generation of the first root that had them.</param>
internal readonly record struct CowRun(long Page, int Count, ulong Born = 0);
