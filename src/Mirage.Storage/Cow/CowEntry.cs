namespace Mirage.Storage;

/// <summary>A row of a leaf, or a child of a branch.</summary>
internal readonly struct CowEntry(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CowLink child)
{
    public ReadOnlyMemory<byte> Key { get; } = key;

    public ReadOnlyMemory<byte> Value { get; } = value;

    public CowLink Child { get; } = child;
}
