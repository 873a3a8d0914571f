using System.Numerics;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>Sectors in memory. What was never written, or was discarded, takes none.</summary>
internal sealed class RamDisk(int sectorSize, long sectorCount)
{
    private const int ChunkSize = 64 * 1024;
    private const int SectorSizeMin = 512;
    private const long DefaultSectorCount = 131_072; // 64 MiB of sectors of 512 bytes.

    private static readonly Key<int> s_sectorSize = Key.Optional("ram-sector-size", new KeyConverter<int>(
        static (string text, out int value) => int.TryParse(text, null, out value)
            && value is >= SectorSizeMin and <= ChunkSize && BitOperations.IsPow2(value),
        static value => value.ToString(null, null), $"a power of two from {SectorSizeMin} to {ChunkSize}", "BYTES"),
        SectorSizeMin, "The bytes of a sector of the disk in memory.");

    private static readonly Key<long> s_sectorCount = Key.Optional("ram-sectors", new KeyConverter<long>(
        static (string text, out long value) =>
            long.TryParse(text, null, out value) && value is >= 0 and <= long.MaxValue / ChunkSize,
        static value => value.ToString(null, null), "a number of sectors", "COUNT"),
        DefaultSectorCount, "The sectors of the disk in memory; those that hold something take memory.");

    private readonly Dictionary<long, byte[]> _chunks = [];
    private bool _isDisconnected;

    public static Impl<RamDisk> Impl => (s_sectorSize, s_sectorCount).Apply(static (size, count) =>
        new RamDisk(size, count));

    public BlockInfo Info { get; private set; } =
        new(sectorSize, sectorCount) { CanDiscard = true, CanResize = true };

    public Either<BlockError, Unit> Read(long sector, IReadOnlyList<Memory<byte>> buffers)
    {
        if (Refusal(Info.RefuseRead(sector, buffers, out _)) is { } error)
            return error;
        var at = sector * Info.SectorSize;
        for (var index = 0; index < buffers.Count; index++)
        {
            for (var rest = buffers[index].Span; !rest.IsEmpty;)
            {
                var (chunk, offset, length) = Piece(at, rest.Length);
                if (_chunks.TryGetValue(chunk, out var bytes))
                    bytes.AsSpan(offset, length).CopyTo(rest);
                else
                    rest[..length].Clear();
                rest = rest[length..];
                at += length;
            }
        }

        return Unit.Default;
    }

    public Either<BlockError, Unit> Write(long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        if (Refusal(Info.RefuseWrite(sector, buffers, out _)) is { } error)
            return error;
        var at = sector * Info.SectorSize;
        for (var index = 0; index < buffers.Count; index++)
        {
            for (var rest = buffers[index].Span; !rest.IsEmpty;)
            {
                var (chunk, offset, length) = Piece(at, rest.Length);
                if (!_chunks.TryGetValue(chunk, out var bytes))
                    _chunks[chunk] = bytes = new byte[ChunkSize];
                rest[..length].CopyTo(bytes.AsSpan(offset));
                rest = rest[length..];
                at += length;
            }
        }

        return Unit.Default;
    }

    public Either<BlockError, Unit> Flush() => _isDisconnected ? new BlockError.Disconnected() : Unit.Default;

    public Either<BlockError, Unit> Discard(long sector, long count)
    {
        if (Refusal(Info.RefuseDiscard(sector, count)) is { } error)
            return error;
        Clear(sector * Info.SectorSize, (sector + count) * Info.SectorSize);
        return Unit.Default;
    }

    public Either<BlockError, Unit> Resize(long count)
    {
        if (Refusal(Info.RefuseResize(count)) is { } error)
            return error;
        if (count < Info.SectorCount)
            Clear(count * Info.SectorSize, Info.SectorCount * Info.SectorSize);
        Info = Info with { SectorCount = count };
        return Unit.Default;
    }

    public void Disconnect()
    {
        _isDisconnected = true;
        _chunks.Clear();
    }

    private static (long Chunk, int Offset, int Length) Piece(long at, long length)
    {
        var offset = (int)(at % ChunkSize);
        return (at / ChunkSize, offset, (int)Math.Min(length, ChunkSize - offset));
    }

    // By what there is, not by the range, which may be far larger.
    private void Clear(long from, long to)
    {
        foreach (var (chunk, bytes) in _chunks)
        {
            var start = Math.Clamp(from - (chunk * ChunkSize), 0, ChunkSize);
            var end = Math.Clamp(to - (chunk * ChunkSize), 0, ChunkSize);
            if (start == 0 && end == ChunkSize)
                _chunks.Remove(chunk);
            else
                bytes.AsSpan((int)start, (int)Math.Max(0, end - start)).Clear();
        }
    }

    private BlockError? Refusal(BlockError? error) => _isDisconnected ? new BlockError.Disconnected() : error;
}
