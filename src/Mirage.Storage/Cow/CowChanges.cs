namespace Mirage.Storage;

/// <summary>What changes of a store make of its tree.</summary>
internal sealed class CowChanges(CowEdit edit, CowValues values, CowMap map, long now, long spare)
{
    private readonly int _inlineMax = CowFormat.InlineMax(edit.Pages.Layout.PageSize);

    /// <summary>Why the change is refused, or null. What it did until then is given up with the edit.</summary>
    public ValueTask<KvWriteError?> Apply(KvChange change) => change switch
    {
        KvChange.Set set => Set(set.Key, set.Value),
        KvChange.SetPartial part => SetPartial(part.Key, part.Offset, part.Value),
        KvChange.Remove remove => Remove(remove.Key),
        KvChange.Rename rename => Rename(rename.Source, rename.Destination),
        KvChange.Allocate allocate => Allocate(allocate.Key, allocate.Size),
        KvChange.Require require => Require(require.Key, require.Condition),
        _ => throw new ArgumentNullException(nameof(change)),
    };

    /// <summary>Sets a value whose chunks are written already.</summary>
    public ValueTask<KvWriteError?> Set(KvKey key, CowStaged staged)
    {
        edit.Taken.AddRange(staged.Taken);
        return Put(key, async old =>
        {
            if (await Forget(old) is { } fault)
                return fault;
            var id = edit.MakeId();
            for (var number = 0; number < staged.Chunks.Count; number++)
            {
                var row = staged.Chunks[number].Emit(edit.Generation);
                if (await edit.Put(CowKey.OfChunk(id, number), row) is { } failed)
                    return failed;
            }

            return CowRecord.OfChunks(id, staged.Size, now);
        });
    }

    private ValueTask<KvWriteError?> Set(KvKey key, ReadOnlyMemory<byte> value) =>
        Put(key, async old => await Forget(old) is { } fault ? fault : await Make(value));

    private ValueTask<KvWriteError?> SetPartial(KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        Put(key, async old =>
        {
            if (old is not { } there)
                return await Make(value);
            var start = Math.Min(offset, there.Size);
            var size = Math.Max(there.Size, start + value.Length);
            if (size > values.SizeMax)
                return new CowFault.NoSpace();
            if (there.IsChunked)
                return await Splice(there, start, size, value) is { } fault
                    ? fault
                    : CowRecord.OfChunks(there.Id, size, now);
            var whole = new byte[size];
            there.Bytes.CopyTo(whole);
            value.CopyTo(whole.AsMemory((int)start));
            return await Make(whole);
        });

    private async ValueTask<KvWriteError?> Remove(KvKey key)
    {
        if ((await CowPlace.Find(edit.Pages, edit.Root, key)).Failed(out var fault, out var place))
            return fault.OfChange(key);
        if (!place.Exists)
            return null;
        if (!key.IsRoot && await edit.Remove(CowKey.OfName(place.Parent, key.Basename)!) is { } failed)
            return failed.OfChange(key);
        return (await Forget(place.Record))?.OfChange(key);
    }

    private async ValueTask<KvWriteError?> Rename(KvKey source, KvKey destination)
    {
        if (source != destination && source.IsPrefixOf(destination))
            return new KvWriteError.RenameSourcePrefix(source, destination);
        if ((await CowPlace.Find(edit.Pages, edit.Root, source)).Failed(out var fault, out var from))
            return fault.OfChange(source);
        if (!from.Exists)
            return new KvWriteError.Read(
                from.IsBelowValue ? new KvError.DictionaryExpected(source) : new KvError.NotFound(source));
        if ((await CowPlace.Find(edit.Pages, edit.Root, destination)).Failed(out fault, out var to))
            return fault.OfChange(destination);
        var target = destination;
        if (source != destination && to.IsDictionary)
        {
            target = destination / source.Basename;
            if ((await CowPlace.Find(edit.Pages, edit.Root, target)).Failed(out fault, out to))
                return fault.OfChange(destination);
        }

        if (target == source)
            return null;
        if (to.IsDictionary)
            return new KvWriteError.AlreadyPresent(target);
        if (to.IsValue && from.Record.Kind is KvKind.Dictionary)
            return new KvWriteError.Read(new KvError.ValueExpected(source));
        return await Move(source, from, destination, target, to);
    }

    private async ValueTask<KvWriteError?> Move(
        KvKey source, CowPlace from, KvKey destination, KvKey target, CowPlace to)
    {
        var (error, row) = await Way(target, to);
        if (error is not null)
            return error is KvWriteError.Read { Inner: KvError.DictionaryExpected }
                ? new KvWriteError.Read(new KvError.DictionaryExpected(destination))
                : error;
        var fault = to.IsValue ? await Forget(to.Record) : null;
        fault ??= await edit.Remove(CowKey.OfName(from.Parent, source.Basename)!);
        fault ??= await edit.Put(row, from.Record.Emit());
        return fault?.OfChange(destination);
    }

    private async ValueTask<KvWriteError?> Allocate(KvKey key, long size)
    {
        if ((await CowPlace.Find(edit.Pages, edit.Root, key)).Failed(out var fault, out var place))
            return fault.OfChange(key);
        if (place.Exists)
            return new KvWriteError.AlreadyPresent(key);
        return await Put(key, old =>
        {
            if (size <= _inlineMax)
                return new(CowRecord.OfBytes(new byte[size], now));
            // Chunks without a row are zeros. They take nothing, yet what could never be written is refused.
            return new(size > (map.Free - spare) * edit.Pages.Layout.PageSize
                ? new CowFault.NoSpace()
                : CowRecord.OfChunks(edit.MakeId(), size, now));
        });
    }

    private async ValueTask<KvWriteError?> Require(KvKey key, KvCondition condition)
    {
        if ((await CowPlace.Find(edit.Pages, edit.Root, key)).Failed(out var fault, out var place))
            return fault.OfChange(key);
        var holds = condition is KvCondition.Absent ? !place.Exists : place.IsValue;
        if (holds && condition is KvCondition.DigestEquals wanted)
        {
            if ((await values.Digest(edit.Root, place.Record)).Failed(out fault, out var digest))
                return fault.OfChange(key);
            holds = wanted.Digest.Span.SequenceEqual(digest);
        }

        return holds ? null : new KvWriteError.ConditionFailed(key);
    }

    // Puts a value at a key, and the dictionaries on the way.
    private async ValueTask<KvWriteError?> Put(KvKey key, Func<CowRecord?, ValueTask<CowAnswer<CowRecord>>> make)
    {
        if ((await CowPlace.Find(edit.Pages, edit.Root, key)).Failed(out var fault, out var place))
            return fault.OfChange(key);
        if (place.IsDictionary)
            return new KvWriteError.Read(new KvError.ValueExpected(key));
        var (error, row) = await Way(key, place);
        if (error is not null)
            return error;
        if ((await make(place.IsValue ? place.Record : null)).Failed(out fault, out var record))
            return fault.OfChange(key);
        return (await edit.Put(row, record.Emit()))?.OfChange(key);
    }

    // The row of a key; the dictionaries that are not on the way yet are made.
    private async ValueTask<(KvWriteError? Error, byte[] Row)> Way(KvKey key, CowPlace place)
    {
        if (place.IsBelowValue)
            return (new KvWriteError.Read(new KvError.DictionaryExpected(key)), []);
        var parent = place.Parent;
        for (var index = place.Exists ? place.Found - 1 : place.Found; ; index++)
        {
            if (CowKey.OfName(parent, key.Names[index]) is not { } row)
                return (new KvWriteError.BadName(key, $"a name has at most {CowFormat.NameMax} bytes of UTF-8"), []);
            if (index == key.Names.Length - 1)
                return (null, row);
            parent = edit.MakeId();
            if (await edit.Put(row, CowRecord.OfDictionary(parent).Emit()) is { } fault)
                return (fault.OfChange(key), []);
        }
    }

    private async ValueTask<CowAnswer<CowRecord>> Make(ReadOnlyMemory<byte> value)
    {
        if (value.Length <= _inlineMax)
            return CowRecord.OfBytes(value.ToArray(), now);
        var id = edit.MakeId();
        for (var at = 0; at < value.Length; at += values.ChunkSize)
        {
            var piece = value.Slice(at, Math.Min(values.ChunkSize, value.Length - at));
            if (await PutChunk(id, at / values.ChunkSize, piece) is { } fault)
                return fault;
        }

        return CowRecord.OfChunks(id, value.Length, now);
    }

    // Writes anew the chunks that bytes fall in.
    private async ValueTask<CowFault?> Splice(CowRecord old, long start, long size, ReadOnlyMemory<byte> value)
    {
        for (var chunkSize = (long)values.ChunkSize; !value.IsEmpty;)
        {
            var number = start / chunkSize;
            var (first, from) = (number * chunkSize, (int)(start % chunkSize));
            var chunk = new byte[Math.Min(chunkSize, size - first)];
            var kept = (int)Math.Clamp(old.Size - first, 0, chunk.Length);
            var piece = value[..Math.Min(value.Length, chunk.Length - from)];
            if ((from > 0 || piece.Length < kept)
                && await values.Read(edit.Root, old, first, chunk.AsMemory(0, kept)) is { } fault)
                return fault;
            piece.CopyTo(chunk.AsMemory(from));
            var row = CowKey.OfChunk(old.Id, number);
            if (await ForgetChunks(row, row) is { } failed)
                return failed;
            if (await PutChunk(old.Id, number, chunk) is { } failure)
                return failure;
            (start, value) = (start + piece.Length, value[piece.Length..]);
        }

        return null;
    }

    private async ValueTask<CowFault?> PutChunk(long id, long number, ReadOnlyMemory<byte> bytes) =>
        (await values.Write(bytes, spare + edit.Drafts, edit.Taken)).Failed(out var fault, out var chunk)
            ? fault
            : await edit.Put(CowKey.OfChunk(id, number), chunk.Emit(edit.Generation));

    // Frees what a record means: chunks, or all that a dictionary holds.
    private async ValueTask<CowFault?> Forget(CowRecord? record)
    {
        if (record is not { } first || (first.Kind is KvKind.Value && !first.IsChunked))
            return null;
        CowFault? wrong = null;
        var left = new Stack<CowRecord>([first]);
        while (left.TryPop(out var next))
        {
            var rows = CowKey.OfId(next.Id);
            var fault = next.IsChunked
                ? await ForgetChunks(rows, rows)
                : await edit.RemoveAll(rows, rows, row =>
                {
                    if (CowRecord.Parse(row).Failed(out var bad, out var below))
                        wrong = bad;
                    else if (below.Kind is KvKind.Dictionary || below.IsChunked)
                        left.Push(below);
                });
            if ((fault ?? wrong) is { } failed)
                return failed;
        }

        return null;
    }

    private async ValueTask<CowFault?> ForgetChunks(ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> prefix)
    {
        CowFault? wrong = null;
        var fault = await edit.RemoveAll(from, prefix, row =>
        {
            if (values.ParseChunk(row).Failed(out var bad, out var chunk))
                wrong = bad;
            else
                edit.Freed.AddRange(chunk.Runs);
        });
        return fault ?? wrong;
    }
}
