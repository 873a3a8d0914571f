using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>What a root shows: the store as it was at one commit.</summary>
internal sealed class CowTree(CowPages pages, CowValues values, CowLink root)
{
    // What is read at once into a pipe.
    private const int Piece = 65536;

    public async ValueTask<Either<KvError, Option<KvKind>>> Exists(KvKey key) =>
        (await CowPlace.Find(pages, root, key)).Failed(out var fault, out var place)
            ? fault.Of(key)
            : place.Exists ? Prelude.Some(place.Record.Kind) : Option<KvKind>.None;

    public async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(KvKey key)
    {
        var (error, record) = await Value(key);
        return error ?? await Slice(key, record, 0, record.Size);
    }

    public async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(KvKey key, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var (error, record) = await Value(key);
        var start = Math.Min(offset, record.Size);
        return error ?? await Slice(key, record, start, Math.Min(length, record.Size - start));
    }

    public async ValueTask<Either<KvError, Unit>> Read(
        KvKey key, PipeWriter destination, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var (error, record) = await Value(key);
        if (error is not null)
            return error;
        for (var at = 0L; at < record.Size;)
        {
            var piece = destination.GetMemory(Piece);
            piece = piece[..(int)Math.Min(piece.Length, record.Size - at)];
            if (await values.Read(root, record, at, piece) is { } fault)
                return fault.Of(key);
            destination.Advance(piece.Length);
            at += piece.Length;
            var flushed = await destination.FlushAsync(cancellation);
            if (flushed.IsCanceled)
                throw new OperationCanceledException("The flush of the pipe was cancelled.");
            if (flushed.IsCompleted)
                break;
        }

        return Unit.Default;
    }

    public async ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(KvKey key, KvRange range)
    {
        if ((await CowPlace.Find(pages, root, key)).Failed(out var fault, out var place))
            return fault.Of(key);
        if (!place.IsDictionary)
            return place.IsValue ? new KvError.DictionaryExpected(key) : Missing(key, place);
        var children = new List<(KvKey Key, KvKind Kind)>();
        var prefix = CowKey.OfId(place.Record.Id);
        var cursor = new CowCursor(pages, root);
        fault = await cursor.Seek(range.From is null ? prefix : CowKey.OfBound(place.Record.Id, range.From));
        while (fault is null && cursor.IsAtRow && cursor.Key.Span.StartsWith(prefix) && children.Count != range.Max)
        {
            if (CowKey.NameOf(cursor.Key.Span) is not { } name
                || !KvKey.TryParse(name, out var child) || child.Names.Length != 1 || child.Basename != name)
                return new CowFault.Corrupt(0, "a name is none").Of(key);
            if (CowRecord.Parse(cursor.Value).Failed(out fault, out var record))
                break;
            if (range.To is { } to && string.CompareOrdinal(name, to) >= 0)
                return children;
            if (range.Contains(name))
                children.Add((key / name, record.Kind));
            fault = await cursor.Next();
        }

        return fault is null ? children : fault.Of(key);
    }

    public async ValueTask<Either<KvError, DateTimeOffset>> LastModified(KvKey key)
    {
        var (error, record) = await Value(key);
        return error is null ? new DateTimeOffset(record.Time, TimeSpan.Zero) : error;
    }

    public async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(KvKey key)
    {
        var (error, record) = await Value(key);
        if (error is not null)
            return error;
        return (await values.Digest(root, record)).Failed(out var fault, out var digest)
            ? fault.Of(key)
            : (ReadOnlyMemory<byte>)digest;
    }

    public async ValueTask<Either<KvError, long>> Size(KvKey key)
    {
        var (error, record) = await Value(key);
        return error is null ? record.Size : error;
    }

    private async ValueTask<(KvError? Error, CowRecord Record)> Value(KvKey key)
    {
        if ((await CowPlace.Find(pages, root, key)).Failed(out var fault, out var place))
            return (fault.Of(key), default);
        if (place.IsValue)
            return (null, place.Record);
        return (place.IsDictionary ? new KvError.ValueExpected(key) : Missing(key, place), default);
    }

    private async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Slice(
        KvKey key, CowRecord record, long offset, long length)
    {
        if (!record.IsChunked)
            return record.Bytes.Slice((int)offset, (int)length);
        // What a damaged row says is not allocated.
        if (record.Size > values.SizeMax)
            return new CowFault.Corrupt(0, $"it has {record.Size} bytes, more than the store").Of(key);
        if (length > Array.MaxLength)
            return new CowFault.TooLarge(length).Of(key);
        var bytes = new byte[length];
        return await values.Read(root, record, offset, bytes) is { } fault
            ? fault.Of(key)
            : (ReadOnlyMemory<byte>)bytes;
    }

    private static KvError Missing(KvKey key, CowPlace place) =>
        place.IsBelowValue ? new KvError.DictionaryExpected(key) : new KvError.NotFound(key);
}
