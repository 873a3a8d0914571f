namespace Mirage.Storage;

/// <summary>The measures of a new GPT.</summary>
internal static class GptDisk
{
    private const int EntryCount = 128;

    /// <summary>The first copy as it is laid out on an empty device: header in sector 1, entries from 2 on.</summary>
    public static GptHeader NewLayout(BlockInfo info, Guid diskId)
    {
        var header = new GptHeader(
            1, info.SectorCount - 1, 0, 0, diskId, 2, EntryCount, GptEntry.Size, 0);
        var sectors = header.EntrySectors(info);
        return header with { FirstUsable = 2 + sectors, LastUsable = info.SectorCount - sectors - 2 };
    }
}
