using LanguageExt;

namespace Mirage.Unix;

/// <summary>What a <see cref="FileDisk"/> is asked, while it is under way and until it is asked again.</summary>
internal sealed class DiskRequest(FileDisk disk, DiskFile file, EventLoop loop)
    : OffLoop<Either<BlockError, Unit>>(loop)
{
    private readonly DiskVectors _vectors = new();
    private byte[] _bounce = [];
    private long _start; // Bytes, as the length: the worker does not ask the disk, which belongs to the loop.
    private long _length;

    /// <summary>What is done.</summary>
    public DiskRequestKind Kind { get; private set; }

    /// <summary>The first sector.</summary>
    public long Sector { get; private set; }

    /// <summary>How many sectors; all of them for a resize.</summary>
    public long Count { get; private set; }

    /// <summary>Whether it asks the kernel what became of the writes before.</summary>
    public bool Syncs => Kind is DiskRequestKind.Flush or DiskRequestKind.Resize;

    /// <summary>Whether the kernel said that writes before may be lost, which it says once.</summary>
    public bool HasLostWrites { get; private set; }

    /// <summary>A read of sectors.</summary>
    public void ToRead(long sector, long count, IReadOnlyList<Memory<byte>> buffers)
    {
        To(DiskRequestKind.Read, sector, count);
        for (var index = 0; index < buffers.Count; index++)
            _vectors.Add(buffers[index]);
    }

    /// <summary>A write of sectors.</summary>
    public void ToWrite(long sector, long count, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        To(DiskRequestKind.Write, sector, count);
        for (var index = 0; index < buffers.Count; index++)
            _vectors.Add(buffers[index]);
    }

    /// <summary>What needs no buffers.</summary>
    public void To(DiskRequestKind kind, long sector, long count) =>
        (Kind, Sector, Count, _start, _length, HasLostWrites) =
        (kind, sector, count, sector * disk.Info.SectorSize, count * disk.Info.SectorSize, false);

    /// <summary>Whether this must not be under way while the other is.</summary>
    public bool Excludes(DiskRequest other)
    {
        // Of two that sync at once the kernel would tell one alone that writes were lost.
        if (Kind is DiskRequestKind.Flush || other.Kind is DiskRequestKind.Flush)
            return Syncs && other.Syncs;
        return (Kind is not DiskRequestKind.Read || other.Kind is not DiskRequestKind.Read)
            && (Kind is DiskRequestKind.Resize || other.Kind is DiskRequestKind.Resize
                || (Sector < other.Sector + other.Count && other.Sector < Sector + Count));
    }

    /// <summary>Reads from the page cache, on the loop, and says whether that was all.</summary>
    public bool TryReadCached()
    {
        var before = _vectors.Rest;
        file.ReadCached(_vectors, _start);
        _start += before - _vectors.Rest;
        return _vectors.Rest == 0;
    }

    /// <summary>The buffers are their owner's again.</summary>
    public void Release() => _vectors.Release();

    /// <inheritdoc/>
    protected override Either<BlockError, Unit> Work()
    {
        var error = Kind switch
        {
            DiskRequestKind.Read => file.Read(_vectors, _start, ref _bounce),
            DiskRequestKind.Write => file.Write(_vectors, _start, ref _bounce),
            DiskRequestKind.Discard => file.Discard(_start, _length),
            DiskRequestKind.Resize => file.Resize(_length),
            _ => 0,
        };
        if (error == 0 && Syncs)
        {
            error = Kind is DiskRequestKind.Resize ? file.Sync() : file.Flush();
            HasLostWrites = error != 0;
        }

        return error switch
        {
            0 => Unit.Default,
            Errno.NoData => new BlockError.Io(Sector, DiskFile.Shrunk),
            Errno.NoSpace or Errno.QuotaExceeded or Errno.TooLarge => new BlockError.NoSpace(Sector),
            // Of a resize alone: a length that the file system does not have.
            Errno.Invalid when Kind is DiskRequestKind.Resize && !HasLostWrites => new BlockError.NoSpace(Sector),
            _ => new BlockError.Io(Sector, Errno.Describe(error)),
        };
    }

    /// <inheritdoc/>
    protected override Either<BlockError, Unit> End(Either<BlockError, Unit> outcome) => disk.End(this, outcome);
}
