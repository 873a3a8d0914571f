using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>The store in memory, of 2 MB.</summary>
public sealed class BoundedKvMemLaws : BoundedKvRwLaws<KvMem>
{
    protected override IReadOnlyList<string> Arguments => ["--kv-capacity=2000000"];

    protected override long TooMuch => 2_000_001;
}
