using System.IO.Pipelines;
using System.Text;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>An archive that grows: a set is a new entry at its end.</summary>
/// <remarks>The entry is there when its first sector is, which is written last, after a flush: until then the archive
/// ends where it did.</remarks>
internal sealed class TarAppendStore<TBlock>(TBlock block, TarIndex index, long end, TimeProvider time)
    : TarStore<TBlock>(block, index.Tree) where TBlock : struct, IBlock<TBlock>
{
    // Two blocks of zeros end an archive.
    private const int EndSize = 2 * TarHeader.BlockSize;

    private readonly Turns _turns = new();
    private TarNames _names = index.Names;
    private long _end = end;
    private bool _isBroken;

    public static new Impl<TarAppendStore<TBlock>> Impl =>
        (Mirage.Impl.BootHost, Mirage.Impl.Of<TBlock>()).Apply(static (host, block) => Open(host, block)).Connect();

    public ValueTask<Either<KvWriteError, Unit>> Set(KvKey key, ReadOnlyMemory<byte> value) =>
        _turns.Take(() => Append(key, value));

    public async ValueTask<Either<KvWriteError, Unit>> Write(
        KvKey key, PipeReader source, CancellationToken cancellation) =>
        (await KvPipe.Collect(source, Room, cancellation)).Case is ReadOnlyMemory<byte> value
            ? await Set(key, value)
            : new KvWriteError.NoSpace(key);

    public ValueTask<Either<KvWriteError, Unit>> SetIf(
        KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) => _turns.Take(async () =>
    {
        if (Tree is null)
            return new KvWriteError.Read(new KvError.Disconnected());
        var holds = await condition.Holds(Tree.Node(key, out _), () => Digest(key));
        if (holds.Case is KvError error)
            return new KvWriteError.Read(error);
        return holds.Case is true ? await Append(key, value) : new KvWriteError.ConditionFailed(key);
    });

    public ValueTask<Either<KvWriteError, Unit>> SetPartial(KvKey key, long offset, ReadOnlyMemory<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return _turns.Take(async () =>
        {
            var old = default(ReadOnlyMemory<byte>);
            var outcome = await GetPartial(key, 0, long.MaxValue);
            if (outcome.Case is ReadOnlyMemory<byte> there)
                old = there;
            else if (outcome.Case is not KvError.NotFound)
                return new KvWriteError.Read((KvError)outcome.Case);
            return KvSplice.TryWrite(old, offset, value, Room) is { } whole
                ? await Append(key, whole)
                : new KvWriteError.NoSpace(key);
        });
    }

    public ValueTask<Either<KvWriteError, Unit>> Allocate(KvKey key, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return _turns.Take(() => Tree?.Node(key, out _) is not null ? new(new KvWriteError.AlreadyPresent(key))
            : size > Room ? Refuse(Refusal(key) ?? new KvWriteError.NoSpace(key))
            : Append(key, new byte[size]));
    }

    /// <summary>What no archive can do, unless there is nothing to do.</summary>
    public Either<KvWriteError, Unit> Remove(KvKey key) =>
        Unchanged("remove what is there", new KvChange.Remove(key));

    /// <summary>What no archive can do, unless there is nothing to do.</summary>
    public Either<KvWriteError, Unit> Rename(KvKey source, KvKey destination) =>
        Unchanged("rename what is there", new KvChange.Rename(source, destination));

    /// <summary>Ends when the writes under way have: until then they use the device.</summary>
    public override async ValueTask Disconnect()
    {
        await base.Disconnect();
        await _turns.Last;
    }

    // Bytes that an array and the device could hold at most; what is written is measured exactly.
    private long Room => Math.Min(Array.MaxLength / 2, Capacity - _end);

    private long Capacity => TBlock.Info(Block).SectorCount * TBlock.Info(Block).SectorSize;

    private static async ValueTask<Either<ConnectError, TarAppendStore<TBlock>>> Open(Host host, TBlock block) =>
        (await Scan(host, block)).Map(found => new TarAppendStore<TBlock>(block, found.Index, found.End, host.Time));

    private static ValueTask<Either<KvWriteError, Unit>> Refuse(KvWriteError error) => new(error);

    private static long Padded(long size, long unit) => (size + unit - 1) / unit * unit;

    // The headers of an entry: a pax header first where the path is more than a ustar header can say.
    private static byte[] Headers(string path, long size, long modified)
    {
        var records = TarHeader.CanHold(path) ? [] : PaxRecords.EmitPath(path);
        var announced = records.Length == 0
            ? 0
            : TarHeader.BlockSize + (int)Padded(records.Length, TarHeader.BlockSize);
        var bytes = new byte[announced + TarHeader.BlockSize];
        if (announced > 0)
        {
            var name = $"PaxHeaders/{path[(path.LastIndexOf('/') + 1)..]}";
            new TarHeader(name, TarType.Extended, records.Length, modified, null).Emit(bytes);
            records.CopyTo(bytes, TarHeader.BlockSize);
        }

        new TarHeader(path, TarType.File, size, modified, null).Emit(bytes.AsSpan(announced));
        return bytes;
    }

    private Either<KvWriteError, Unit> Unchanged(string operation, KvChange change)
    {
        if (Tree is not { } tree)
            return new KvWriteError.Read(new KvError.Disconnected());
        return tree.Apply(change, time.GetUtcNow()).Bind(changed => changed == tree
            ? Prelude.Right<KvWriteError, Unit>(Prelude.unit)
            : new KvWriteError.Unsupported(operation));
    }

    private KvWriteError? Refusal(KvKey key)
    {
        if (Tree is null)
            return new KvWriteError.Read(new KvError.Disconnected());
        if (TBlock.Info(Block).ReadOnly || _isBroken)
            return new KvWriteError.ReadOnly();
        if (Tree.Node(key, out var isBelowValue)?.Kind is KvKind.Dictionary)
            return new KvWriteError.Read(new KvError.ValueExpected(key));
        if (isBelowValue)
            return new KvWriteError.Read(new KvError.DictionaryExpected(key));
        return key.ToString().Length > TarIndex.PathMax
            ? new KvWriteError.BadName(key, $"a name has {TarIndex.PathMax} characters at most")
            : null;
    }

    private async ValueTask<Either<KvWriteError, Unit>> Append(KvKey key, ReadOnlyMemory<byte> value)
    {
        if (Refusal(key) is { } refusal)
            return refusal;
        var names = _names.With(Tree!, key);
        if (!names.Fit(TarIndex.NodesMax))
            return new KvWriteError.NoSpace(key);
        // Lone halves of surrogate pairs have no UTF-8.
        var path = string.Join('/', key.Names);
        if (TarHeader.Utf8(Encoding.UTF8.GetBytes(path)) != path)
            return new KvWriteError.BadName(key, "the name is no text");
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var headers = Headers(path, value.Length, now.ToUnixTimeSeconds());
        var next = _end + headers.Length + Padded(value.Length, TarHeader.BlockSize);
        if (next + EndSize > Capacity || next + EndSize - _end > Array.MaxLength)
            return new KvWriteError.NoSpace(key);
        var at = _end + headers.Length;
        if (await Write(headers, value, next + EndSize) is { } failure)
            return new KvWriteError.Read(Failed(key, failure));
        (_end, _names) = (next, names);
        Tree = Tree?.With(key, new TarValue(at, value.Length, now));
        return Unit.Default;
    }

    // The first sector has what was there before the archive's end, and the beginning of the entry.
    private async ValueTask<BlockError?> Write(byte[] headers, ReadOnlyMemory<byte> value, long end)
    {
        var size = TBlock.Info(Block).SectorSize;
        var first = _end / size;
        var skipped = (int)(_end % size);
        var bytes = new byte[Padded(end, size) - (first * size)];
        if (skipped > 0 && await BlockIo<TBlock>.Read(Block, first, bytes.AsMemory(0, size)) is { } unread)
            return unread;
        bytes.AsSpan(skipped, size - skipped).Clear();
        headers.CopyTo(bytes, skipped);
        value.CopyTo(bytes.AsMemory(skipped + headers.Length));
        if (bytes.Length > size)
        {
            var unwritten = await BlockIo<TBlock>.Write(Block, first + 1, bytes.AsMemory(size))
                ?? await BlockIo<TBlock>.Flush(Block);
            if (unwritten is not null)
                return unwritten;
        }

        // If this fails nobody knows whether the entry is there: what is written next would change its contents.
        var failure = await BlockIo<TBlock>.Write(Block, first, bytes.AsMemory(0, size))
            ?? await BlockIo<TBlock>.Flush(Block);
        _isBroken = failure is not null;
        return failure;
    }
}
