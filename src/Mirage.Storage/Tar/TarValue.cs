namespace Mirage.Storage;

/// <summary>Where a value lies on the device.</summary>
internal sealed class TarValue(long offset, long size, DateTimeOffset modified) : KvNode
{
    public override KvKind Kind => KvKind.Value;

    public override long Bytes => size;

    /// <summary>The byte at which it begins.</summary>
    public long Offset => offset;

    public DateTimeOffset Modified => modified;
}
