namespace Mirage.Storage;

/// <summary>A file: where its chain begins, and what is wrong with it.</summary>
internal sealed class FatValue(FatEntry entry, string? fault) : KvNode
{
    public override KvKind Kind => KvKind.Value;

    public override long Bytes => entry.Length;

    /// <summary>The first cluster; 0 for none.</summary>
    public uint First => entry.Cluster;

    public DateTimeOffset Modified => FatTime.Read(entry.Stamp);

    /// <summary>Why its contents cannot be read; null when they can.</summary>
    public string? Fault => fault;
}
