using System.Buffers;

namespace Mirage.Storage;

/// <summary>The bytes of values that are too large for their rows: in chunks, each summed and written for itself, so
/// that a change of a few bytes writes one of them.</summary>
internal sealed class CowValues(CowDevice device, CowPages pages, CowMap map, int chunkSize)
{
    private readonly CowLayout _layout = pages.Layout;

    public int ChunkSize => chunkSize;

    /// <summary>Bytes of the largest value that the device could hold.</summary>
    public long SizeMax => _layout.DataPages * _layout.PageSize;

    /// <summary>The digest of a value.</summary>
    public async ValueTask<CowAnswer<byte[]>> Digest(CowLink root, CowRecord record)
    {
        if (!record.IsChunked)
            return ContentHash.Of(record.Bytes.Span);
        var hash = new Hash();
        var buffer = ArrayPool<byte>.Shared.Rent(chunkSize);
        CowFault? fault = null;
        for (var at = 0L; at < record.Size && fault is null; at += chunkSize)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(chunkSize, record.Size - at));
            fault = await Read(root, record, at, piece);
            hash.Append(piece.Span);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return fault is null ? hash.Finish() : fault;
    }

    /// <summary>Fills <paramref name="destination"/> with what a value has from <paramref name="offset"/> on, which is
    /// that much.</summary>
    public async ValueTask<CowFault?> Read(CowLink root, CowRecord record, long offset, Memory<byte> destination)
    {
        if (record.Size > SizeMax)
            return new CowFault.Corrupt(0, $"a value of {record.Size} bytes is larger than the store");
        if (!record.IsChunked)
        {
            record.Bytes.Slice((int)offset, destination.Length).CopyTo(destination);
            return null;
        }

        while (!destination.IsEmpty)
        {
            var (number, from) = (offset / chunkSize, (int)(offset % chunkSize));
            var piece = destination[..Math.Min(destination.Length, chunkSize - from)];
            if (await ReadChunk(root, record, number, from, piece) is { } fault)
                return fault;
            (destination, offset) = (destination[piece.Length..], offset + piece.Length);
        }

        return null;
    }

    /// <summary>Writes a chunk to free pages, if <paramref name="spare"/> are left then.</summary>
    /// <param name="bytes">What it holds: no more than a chunk does.</param>
    /// <param name="spare">Pages.</param>
    /// <param name="taken">Where its pages are added.</param>
    public async ValueTask<CowAnswer<CowChunk>> Write(ReadOnlyMemory<byte> bytes, long spare, List<CowRun> taken)
    {
        if ((await map.Take(PagesOf(bytes.Length), spare)).Failed(out var fault, out var runs))
            return fault;
        taken.AddRange(runs);
        var sum = Crc32C.Empty;
        foreach (var run in runs)
        {
            var here = bytes[..(int)Math.Min(bytes.Length, (long)run.Count * _layout.PageSize)];
            bytes = bytes[here.Length..];
            var buffers = Whole(here);
            foreach (var buffer in buffers)
                sum = Crc32C.Append(sum, buffer.Span);
            if (await device.Write(run.Page * _layout.PageSize, buffers) is { } failed)
                return failed;
        }

        return new CowChunk(sum, runs);
    }

    /// <summary>The pages of a chunk that a row tells of, however many.</summary>
    public CowAnswer<CowChunk> ParseChunk(ReadOnlyMemory<byte> row) => CowChunk.Parse(row.Span, null, _layout);

    private async ValueTask<CowFault?> ReadChunk(
        CowLink root, CowRecord record, long number, int from, Memory<byte> destination)
    {
        if ((await pages.Find(root, CowKey.OfChunk(record.Id, number))).Failed(out var fault, out var row))
            return fault;
        if (row is not { } bytes)
        {
            // Nothing was ever written there.
            destination.Span.Clear();
            return null;
        }

        var count = PagesOf((int)Math.Min(chunkSize, record.Size - (number * chunkSize)));
        if (CowChunk.Parse(bytes.Span, count, _layout).Failed(out fault, out var chunk))
            return fault;
        var buffer = ArrayPool<byte>.Shared.Rent(count * _layout.PageSize);
        var whole = buffer.AsMemory(0, count * _layout.PageSize);
        fault = await ReadRuns(chunk, whole);
        if (fault is null)
            whole.Slice(from, destination.Length).CopyTo(destination);
        ArrayPool<byte>.Shared.Return(buffer);
        return fault;
    }

    private async ValueTask<CowFault?> ReadRuns(CowChunk chunk, Memory<byte> whole)
    {
        var rest = whole;
        foreach (var run in chunk.Runs)
        {
            var here = rest[..(run.Count * _layout.PageSize)];
            if (await device.Read(run.Page * _layout.PageSize, here) is { } fault)
                return fault;
            rest = rest[here.Length..];
        }

        return Crc32C.Of(whole.Span) == chunk.Checksum
            ? null
            : new CowFault.Corrupt(chunk.Runs[0].Page, "the checksum of a chunk is not the one that was noted");
    }

    private int PagesOf(int length) => (length + _layout.PageSize - 1) / _layout.PageSize;

    // The last page is filled with zeros.
    private ReadOnlyMemory<byte>[] Whole(ReadOnlyMemory<byte> bytes)
    {
        var tail = bytes.Length % _layout.PageSize;
        if (tail == 0)
            return [bytes];
        var last = new byte[_layout.PageSize];
        bytes[^tail..].CopyTo(last);
        return bytes.Length == tail ? [last] : [bytes[..^tail], last];
    }

    // A ContentHash is a struct that changes: an async method keeps it here.
    private sealed class Hash
    {
        private ContentHash _hash;

        public void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

        public byte[] Finish()
        {
            var digest = new byte[ContentHash.Size];
            _hash.Finish(digest);
            return digest;
        }
    }
}
