using LanguageExt;
using Microsoft.Extensions.Logging;

namespace Mirage.Storage;

/// <summary>A FAT volume as a store. Its names and the FAT are in memory; whatever touches clusters waits for its
/// turn.</summary>
internal sealed partial class FatStore<TBlock>(
    FatVolume<TBlock> volume, KvTree tree, TimeProvider time, bool isReadOnly)
    where TBlock : struct, IBlock<TBlock>
{
    private readonly Turns _turns = new();
    private readonly FatWriter<TBlock> _writer = new(volume);
    private KvTree? _tree = tree;
    private bool _isReadOnly = isReadOnly;

    public static Impl<FatStore<TBlock>> Impl =>
        (Mirage.Impl.BootHost, Mirage.Impl.Of<TBlock>()).Apply(static (host, block) => Open(host, block)).Connect();

    /// <summary>The most bytes of a value: in an array, and on the volume.</summary>
    public long Room => Math.Min(Array.MaxLength, volume.Boot.Clusters * volume.Boot.ClusterSize);

    public Either<KvError, Option<KvKind>> Exists(KvKey key) =>
        _tree is null ? new KvError.Disconnected() : _tree.Exists(key);

    public Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>> List(KvKey key, KvRange range = default) =>
        _tree is null ? new KvError.Disconnected() : _tree.List(key, range);

    public Either<KvError, T> Look<T>(KvKey key, Func<FatValue, T> look) => Find(key).Map(look);

    public ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(KvKey key, long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return _turns.Take(() => Read(key, offset, length));
    }

    public async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(KvKey key) =>
        (await GetPartial(key, 0, long.MaxValue)).Map(Hash);

    public ValueTask<Either<KvWriteError, Unit>> Set(KvKey key, ReadOnlyMemory<byte> value) =>
        Change(current => SetWhole(current, key, value));

    public ValueTask<Either<KvWriteError, Unit>> SetIf(
        KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) => Change(async current =>
    {
        var holds = await condition.Holds(
            current.Node(key, out _), async () => (await Read(key, 0, long.MaxValue)).Map(Hash));
        if (holds.Case is KvError error)
            return new KvWriteError.Read(error);
        return holds.Case is true ? await SetWhole(current, key, value) : new KvWriteError.ConditionFailed(key);
    });

    public ValueTask<Either<KvWriteError, Unit>> SetPartial(KvKey key, long offset, ReadOnlyMemory<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Change(async current =>
        {
            var old = default(ReadOnlyMemory<byte>);
            var outcome = await Read(key, 0, long.MaxValue);
            if (outcome.Case is ReadOnlyMemory<byte> there)
                old = there;
            else if (outcome.Case is not KvError.NotFound)
                return new KvWriteError.Read((KvError)outcome.Case);
            return KvSplice.TryWrite(old, offset, value, Room) is { } whole
                ? await SetWhole(current, key, whole)
                : new KvWriteError.NoSpace(key);
        });
    }

    public ValueTask<Either<KvWriteError, Unit>> Allocate(KvKey key, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return Change(current => current.Node(key, out _) is not null
            ? new(new KvWriteError.AlreadyPresent(key))
            : size > Room ? new(new KvWriteError.NoSpace(key))
            : SetWhole(current, key, new byte[size]));
    }

    public ValueTask<Either<KvWriteError, Unit>> Remove(KvKey key) => Change(async current =>
    {
        var changed = (KvTree)current.Apply(new KvChange.Remove(key), default).Case;
        return changed == current
            ? current
            : Done(await _writer.Remove(key), changed);
    });

    public ValueTask<Either<KvWriteError, Unit>> Rename(KvKey source, KvKey destination) =>
        Change(async current =>
        {
            var outcome = current.Apply(new KvChange.Rename(source, destination), default);
            if (outcome.Case is not KvTree changed || changed == current)
                return outcome;
            var isInto = current.Node(destination, out _)?.Kind is KvKind.Dictionary;
            var target = isInto ? destination / source.Basename : destination;
            return Done(await _writer.Rename(source, target), changed);
        });

    /// <summary>Ends when what is under way has: until then it uses the device.</summary>
    public async ValueTask Disconnect()
    {
        _tree = null;
        await _turns.Last;
    }

    private static async ValueTask<Either<ConnectError, FatStore<TBlock>>> Open(Host host, TBlock block)
    {
        var (volume, fault) = await FatVolume<TBlock>.Open(block);
        if (volume is null)
            return new ConnectError(fault, "format the device");
        var scan = new FatScan<TBlock>(volume);
        if (await scan.Run() is { } failure)
            return new ConnectError($"the FAT volume cannot be read: {failure}", "repair the volume, or format it");
        if (scan.Faults > 0)
            LogFaults(host.Logs.CreateLogger("fat"), scan.Faults, scan.FirstFault);
        return new FatStore<TBlock>(
            volume, scan.Tree, host.Time, scan.Faults > 0 || TBlock.Info(block).ReadOnly);
    }

    private static ReadOnlyMemory<byte> Hash(ReadOnlyMemory<byte> bytes) => ContentHash.Of(bytes.Span);

    private async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Read(KvKey key, long offset, long length)
    {
        var found = Find(key);
        if (found.Case is not FatValue value)
            return (KvError)found.Case;
        if (value.Fault is { } fault)
            return new KvError.Corrupt(key, fault);
        var start = Math.Min(offset, value.Bytes);
        var size = Math.Min(length, value.Bytes - start);
        var sectorSize = volume.Boot.SectorSize;
        if (size > Array.MaxLength - (2 * sectorSize))
            return new KvError.Storage(key, $"{size} bytes are too many for one answer");
        if (size == 0)
            return ReadOnlyMemory<byte>.Empty;
        var (first, end) = (start / sectorSize, (start + size + sectorSize - 1) / sectorSize);
        var clusters = new List<uint>();
        _ = volume.Table.Follow(value.First, long.MaxValue, clusters);
        var bytes = new byte[(end - first) * sectorSize];
        return await volume.Read(clusters, first, bytes) is { } failure
            ? new KvError.Block(key, failure)
            : new ReadOnlyMemory<byte>(bytes, (int)(start - (first * sectorSize)), (int)size);
    }

    private async ValueTask<Either<KvWriteError, KvTree>> SetWhole(
        KvTree current, KvKey key, ReadOnlyMemory<byte> value)
    {
        if (current.Node(key, out var isBelowValue)?.Kind is KvKind.Dictionary)
            return new KvWriteError.Read(new KvError.ValueExpected(key));
        if (isBelowValue)
            return new KvWriteError.Read(new KvError.DictionaryExpected(key));
        if (key.Names.Length > FatScan<TBlock>.DepthMax)
            return new KvWriteError.BadName(key, $"names nest {FatScan<TBlock>.DepthMax} deep at most");
        var (error, entry) = await _writer.Set(key, value, FatTime.Of(time.GetUtcNow()));
        return Done(error, current.With(key, new FatValue(entry, null))!);
    }

    private Either<KvWriteError, KvTree> Done(KvWriteError? error, KvTree changed)
    {
        // What a failure of the device left nobody knows; a refusal has left nothing.
        if (error is KvWriteError.Read { Inner: KvError.Block })
            _isReadOnly = true;
        return error is null ? changed : error;
    }

    private ValueTask<Either<KvWriteError, Unit>> Change(
        Func<KvTree, ValueTask<Either<KvWriteError, KvTree>>> change) => _turns.Take(async () =>
    {
        if (_tree is not { } current)
            return new KvWriteError.Read(new KvError.Disconnected());
        if (_isReadOnly)
            return new KvWriteError.ReadOnly();
        return (await change(current)).Map(changed =>
        {
            _tree = _tree is null ? null : changed;
            return Unit.Default;
        });
    });

    private Either<KvError, FatValue> Find(KvKey key) => _tree is null
        ? new KvError.Disconnected()
        : _tree.Find(key).Bind(node => node is FatValue value
            ? Prelude.Right<KvError, FatValue>(value)
            : new KvError.ValueExpected(key));

    [LoggerMessage(1, LogLevel.Warning, "The FAT volume is damaged in {Count} places and is not written to: {First}")]
    private static partial void LogFaults(ILogger logger, int count, string first);
}
