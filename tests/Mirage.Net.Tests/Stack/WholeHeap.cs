namespace Mirage.Net.Tests;

/// <summary>Tests that measure the heap of the process: no other test runs beside them.</summary>
[CollectionDefinition(nameof(WholeHeap), DisableParallelization = true)]
public sealed class WholeHeap;
