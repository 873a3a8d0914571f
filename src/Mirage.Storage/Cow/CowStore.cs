using System.Buffers;
using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Storage;

/// <summary>A store on a device: the root that counts, who reads, who writes.</summary>
internal sealed class CowStore
{
    private readonly CowRoots _roots;
    private readonly CowValues _values;
    private readonly CowWriter _writer;
    private readonly CowMap _map;
    private readonly int _inlineMax;
    private readonly bool _isReadOnly;
    private bool _isDisconnected;
    private int _staging; // Chunks on their way to the device that are not the writer's.
    private TaskCompletionSource? _staged;

    private CowStore(CowDevice device, CowPages pages, CowMap map, CowSlot slot, TimeProvider time)
    {
        (_map, _isReadOnly, _inlineMax) = (map, device.Info.ReadOnly, CowFormat.InlineMax(slot.PageSize));
        _values = new(device, pages, map, slot.ChunkSize);
        _roots = new(map, new CowRoot(slot, new CowTree(pages, _values, slot.Root)));
        _writer = new(pages, _values, map, new CowCommit(device, pages, map), _roots, time);
    }

    /// <summary>Opens the store on a device, or makes one on a blank device, or on any if
    /// <paramref name="formats"/>.</summary>
    public static async ValueTask<Either<ConnectError, CowStore>> Open(
        CowDevice device, Host host, long cacheBytes, bool formats)
    {
        var found = await CowSlots.Find(device);
        if (found.Wrong.Length > 0)
            return new ConnectError($"the block device holds no store that can be used: {found.Wrong}",
                "give it another device, or format this one");
        var slot = found.Newest;
        if (slot is null && (device.Info.ReadOnly || !(found.IsBlank || formats)))
            return new ConnectError("the block device holds no store", device.Info.ReadOnly
                ? "it cannot be written: format it where it can be"
                : "--kv-format makes one there, and what is on the device is lost");
        var fault = default(CowFault);
        if (slot is null)
            (await Format(device, null, host)).Failed(out fault, out slot);
        else if (!device.Info.ReadOnly)
        {
            // The root may be in a cache of the device still: what it does not need is overwritten only once it is not.
            fault = await device.Flush();
        }

        return fault is null ? await Open(device, host, cacheBytes, slot!) : Cannot(fault);
    }

    /// <summary>Makes an empty store, whatever the device held.</summary>
    public static async ValueTask<Either<ConnectError, Unit>> Format(CowDevice device, Host host)
    {
        var found = await CowSlots.Find(device);
        return (await Format(device, found.Newest, host)).Failed(out var fault, out _) ? Cannot(fault) : Unit.Default;
    }

    /// <summary>What the newest root shows, while it is read.</summary>
    public async ValueTask<Either<KvError, T>> Read<T>(
        KvKey key, Func<CowTree, KvKey, ValueTask<Either<KvError, T>>> read)
    {
        if (_isDisconnected)
            return new KvError.Disconnected();
        var root = _roots.Pin();
        try
        {
            return await read(root.Tree, key);
        }
        finally
        {
            _roots.Unpin(root);
        }
    }

    /// <summary>The newest root, kept.</summary>
    public Either<KvError, CowView> View() => _isDisconnected ? new KvError.Disconnected() : new CowView(_roots);

    /// <exception cref="ArgumentException">A change is none, or has a negative number.</exception>
    public ValueTask<Either<KvWriteError, Unit>> Change(params IReadOnlyList<KvChange> changes)
    {
        foreach (var change in changes)
        {
            ArgumentNullException.ThrowIfNull(change, nameof(changes));
            ArgumentOutOfRangeException.ThrowIfNegative((change as KvChange.SetPartial)?.Offset ?? 0, nameof(changes));
            ArgumentOutOfRangeException.ThrowIfNegative((change as KvChange.Allocate)?.Size ?? 0, nameof(changes));
            if (change is KvChange.Require { Condition: null })
                throw new ArgumentException("A condition is none.", nameof(changes));
        }

        return Refusal is { } refusal ? new(refusal) : _writer.Change(changes);
    }

    /// <summary>Sets a value to what a pipe gives. Its chunks are written as they come, in nobody's way.</summary>
    public async ValueTask<Either<KvWriteError, Unit>> Write(
        KvKey key, PipeReader source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (Refusal is { } refusal)
            return refusal;
        var staged = new CowStaged();
        var isStaged = false;
        var buffer = ArrayPool<byte>.Shared.Rent(_values.ChunkSize);
        try
        {
            var (error, last) = await Stage(key, source, staged, buffer.AsMemory(0, _values.ChunkSize), cancellation);
            if (error is not null)
                return error;
            if (Refusal is { } gone)
                return gone;
            if (staged.Size <= _inlineMax)
                return await _writer.Change([new KvChange.Set(key, last.ToArray())]);
            if ((await Stage(key, staged, last) ?? Refusal) is { } refused)
                return refused;
            isStaged = true;
            return await _writer.Change([new KvChange.Set(key, default)], staged);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (!isStaged)
                _map.Release(staged.Taken);
        }
    }

    public async ValueTask Disconnect()
    {
        _isDisconnected = true;
        // Whoever opens the device next must not be overwritten.
        if (_staging > 0)
            await (_staged ??= new()).Task;
        await _writer.Idle;
    }

    private KvWriteError? Refusal => _isDisconnected ? new KvWriteError.Read(new KvError.Disconnected())
        : _isReadOnly ? new KvWriteError.ReadOnly() : null;

    private static async ValueTask<Either<ConnectError, CowStore>> Open(
        CowDevice device, Host host, long cacheBytes, CowSlot slot)
    {
        var info = device.Info;
        if (slot.PageSize % info.SectorSize != 0)
            return new ConnectError(
                $"the store has pages of {slot.PageSize} bytes, the device sectors of {info.SectorSize}",
                "give it a device with smaller sectors");
        if (slot.Pages > (long)info.SectorSize * info.SectorCount / slot.PageSize)
            return new ConnectError("the device is smaller than the store on it", "give it the whole device");
        var layout = new CowLayout(slot.PageSize, slot.Pages);
        if ((await CowMap.Open(device, layout, slot.Map)).Failed(out var fault, out var map))
            return Cannot(fault);
        var cache = new CowCache((int)Math.Clamp(cacheBytes / slot.PageSize, CowFormat.LevelMax + 1, Array.MaxLength));
        return new CowStore(device, new CowPages(device, layout, cache), map, slot, host.Time);
    }

    // Writes whole chunks; what is left at the end of the source stays in the buffer.
    private async ValueTask<(KvWriteError? Error, ReadOnlyMemory<byte> Last)> Stage(
        KvKey key, PipeReader source, CowStaged staged, Memory<byte> buffer, CancellationToken cancellation)
    {
        for (var filled = 0; ;)
        {
            var read = await source.ReadAsync(cancellation);
            if (read.IsCanceled)
                throw new OperationCanceledException("The read of the pipe was cancelled.");
            var rest = read.Buffer;
            while (!rest.IsEmpty)
            {
                if (filled == buffer.Length)
                {
                    if (await Stage(key, staged, buffer) is { } error)
                    {
                        source.AdvanceTo(rest.Start);
                        return (error, default);
                    }

                    filled = 0;
                }

                var piece = rest.Slice(0, Math.Min(rest.Length, buffer.Length - filled));
                piece.CopyTo(buffer.Span[filled..]);
                filled += (int)piece.Length;
                staged.Size += piece.Length;
                rest = rest.Slice(piece.Length);
            }

            source.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return (null, buffer[..filled]);
        }
    }

    private async ValueTask<KvWriteError?> Stage(KvKey key, CowStaged staged, ReadOnlyMemory<byte> chunk)
    {
        if (Refusal is { } gone)
            return gone;
        _staging++;
        try
        {
            if ((await _values.Write(chunk, _writer.Reserve, staged.Taken)).Failed(out var fault, out var written))
                return fault.OfChange(key);
            staged.Chunks.Add(written);
            return null;
        }
        finally
        {
            if (--_staging == 0)
                _staged?.TrySetResult();
        }
    }

    private static ValueTask<CowAnswer<CowSlot>> Format(CowDevice device, CowSlot? before, Host host)
    {
        Span<byte> id = stackalloc byte[16];
        host.FillRandom(id);
        return CowSlots.Format(device, before, BitConverter.ToUInt128(id), host.Time.GetUtcNow().UtcTicks);
    }

    private static ConnectError Cannot(CowFault fault) => fault is CowFault.NoSpace
        ? new("the block device is too small for a store", "give it one of a megabyte or more")
        : new($"the store cannot be opened: {fault}", "give it another device, or format this one");
}
