using Mirage.Storage;

namespace Mirage.Testing.Tests;

/// <summary>What a bug in a store has at hand.</summary>
public sealed record PlantedStore(Host Host, KvMem Kv)
{
    /// <summary>Buffers that a bug has kept.</summary>
    public Dictionary<KvKey, ReadOnlyMemory<byte>> Buffers { get; } = [];
}
