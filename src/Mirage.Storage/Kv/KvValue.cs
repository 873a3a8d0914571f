namespace Mirage.Storage;

/// <summary>A value of a <see cref="KvTree"/>, and when it was set. Nobody changes the bytes.</summary>
internal sealed class KvValue(ReadOnlyMemory<byte> content, DateTimeOffset modified) : KvNode
{
    private byte[]? _digest;

    public override KvKind Kind => KvKind.Value;

    public override long Bytes => content.Length;

    public ReadOnlyMemory<byte> Content => content;

    public DateTimeOffset Modified => modified;

    /// <summary>Computed when it is asked for, and once.</summary>
    public ReadOnlyMemory<byte> Digest => _digest ??= ContentHash.Of(content.Span);
}
