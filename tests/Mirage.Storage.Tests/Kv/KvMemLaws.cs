using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>The store in memory, as large as it likes.</summary>
public sealed class KvMemLaws : KvBatchLaws<KvMem>;
