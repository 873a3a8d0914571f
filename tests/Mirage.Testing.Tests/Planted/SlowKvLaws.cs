namespace Mirage.Testing.Tests;

/// <summary>The laws do not ask for answers at once: a store that takes its time obeys them all.</summary>
public sealed class SlowKvLaws : KvBatchLaws<PlantedKv<Slow>>;
