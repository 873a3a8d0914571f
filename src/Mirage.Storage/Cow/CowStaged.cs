namespace Mirage.Storage;

/// <summary>A value whose chunks are on the device, and in no tree yet.</summary>
internal sealed class CowStaged
{
    public List<CowChunk> Chunks { get; } = [];

    public List<CowRun> Taken { get; } = [];

    public long Size { get; set; }
}
