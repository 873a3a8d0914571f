using LanguageExt;

namespace Mirage.Testing;

/// <summary>What a machine has of a disk: one session, and the requests of its loop.</summary>
internal sealed class BlockConnection
{
    private const int RequestsRetainedMax = 64;

    private readonly Host _host;
    private readonly SimDisk _disk;
    private readonly int _session;
    private readonly Queue<BlockRequest> _requests = new();
    private bool _isDisconnected;

    public BlockConnection(Host host, SimDisk disk)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(disk);
        disk.ThrowIfCut();
        (_host, _disk, _session) = (host, disk, disk.Session);
    }

    public BlockInfo Info => _disk.Info;

    /// <summary>Connects the disk of that name which is in the machine.</summary>
    public static Either<ConnectError, BlockConnection> On(Host host, string name) =>
        host is SimHost sim && sim.Attached<SimDisk>(name) is { } disk
            ? new BlockConnection(host, disk)
            : new ConnectError(
                name.Length == 0 ? "the machine has no simulated disk" : $"the machine has no simulated disk '{name}'",
                "attach one to its SimHost, or choose another block device");

    // The machine is gone with its power; its code may still run until somebody stops its loop.
    private bool IsGone => _disk.Session != _session;

    public ValueTask<Either<BlockError, Unit>> Read(long sector, IReadOnlyList<Memory<byte>> buffers)
    {
        if (Refusal(sector, buffers.Select(static buffer => buffer.Length), isWrite: false, out var count) is { } error)
            return new(error);
        if (IsGone)
            return Never();
        if (count == 0)
            return Done();
        var latency = _disk.BeginRead(sector, count);
        return After(latency, () => _disk.EndRead(sector, count, buffers));
    }

    public ValueTask<Either<BlockError, Unit>> Write(long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        if (Refusal(sector, buffers.Select(static buffer => buffer.Length), isWrite: true, out var count) is { } error)
            return new(error);
        if (IsGone)
            return Never();
        if (count == 0)
            return Done();
        var bytes = Gather(buffers, count * Info.SectorSize);
        return _disk.BeginWrite(sector, bytes, out var latency) is not { } write ? Never() : After(latency, () =>
        {
            ThrowIfTouched(buffers, bytes);
            return _disk.EndWrite(write);
        });
    }

    public ValueTask<Either<BlockError, Unit>> Discard(long sector, long count)
    {
        if (!Info.CanDiscard)
            return new(new BlockError.Unsupported("discard"));
        if (Refusal(sector, count, isWrite: true) is { } error)
            return new(error);
        if (IsGone)
            return Never();
        if (count == 0)
            return Done();
        return _disk.BeginDiscard(sector, count, out var latency) is { } write
            ? After(latency, () => _disk.EndWrite(write))
            : Never();
    }

    public ValueTask<Either<BlockError, Unit>> Flush()
    {
        if (_isDisconnected)
            return new(new BlockError.Disconnected());
        return !IsGone && _disk.BeginFlush(out var landed, out var latency)
            ? After(latency, () => _disk.EndFlush(landed))
            : Never();
    }

    public void Disconnect() => _isDisconnected = true;

    private static ValueTask<Either<BlockError, Unit>> Done() => new(Unit.Default);

    private static ValueTask<Either<BlockError, Unit>> Never() =>
        new(new TaskCompletionSource<Either<BlockError, Unit>>().Task);

    private static byte[] Gather(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long length)
    {
        var bytes = new byte[length];
        var at = 0;
        foreach (var buffer in buffers)
        {
            buffer.Span.CopyTo(bytes.AsSpan(at));
            at += buffer.Length;
        }

        return bytes;
    }

    // A disk reads memory when it likes: a program that writes to a buffer too early would store either.
    private static void ThrowIfTouched(IReadOnlyList<ReadOnlyMemory<byte>> buffers, byte[] bytes)
    {
        var rest = bytes.AsSpan();
        foreach (var buffer in buffers)
        {
            if (buffer.Length > rest.Length || !rest[..buffer.Length].SequenceEqual(buffer.Span))
                throw new InvalidOperationException("A buffer was changed before its write had completed.");
            rest = rest[buffer.Length..];
        }
    }

    private BlockError? Refusal(long sector, IEnumerable<int> lengths, bool isWrite, out long count)
    {
        count = 0;
        var total = 0L;
        foreach (var length in lengths)
        {
            if (length % Info.SectorSize != 0 && !_isDisconnected)
                return new BlockError.BadAlignment(length);
            total += length;
        }

        count = total / Info.SectorSize;
        return Refusal(sector, count, isWrite);
    }

    private BlockError? Refusal(long sector, long count, bool isWrite)
    {
        if (_isDisconnected)
            return new BlockError.Disconnected();
        if (isWrite && Info.ReadOnly)
            return new BlockError.ReadOnly();
        return sector < 0 || count < 0 || sector > Info.SectorCount - count
            ? new BlockError.OutOfBounds(sector, count)
            : null;
    }

    private ValueTask<Either<BlockError, Unit>> After(long latencyNs, Func<BlockError?> end)
    {
        if (latencyNs == 0)
            return new(Outcome(end()));
        // One whose outcome nobody has taken yet is not used again, and goes to the end of the queue.
        if (!_requests.TryDequeue(out var request))
            request = new BlockRequest(_host.Loop, this);
        if (_requests.Count < RequestsRetainedMax)
            _requests.Enqueue(request);
        if (request.IsPending)
            request = new BlockRequest(_host.Loop, this);
        return request.Begin(_host.Loop.NowNs + latencyNs, end);
    }

    private static Either<BlockError, Unit> Outcome(BlockError? error) =>
        error is null ? Unit.Default : error;

    /// <summary>A request that takes time; used again and again.</summary>
    private sealed class BlockRequest
    {
        private readonly BlockConnection _connection;
        private readonly LoopSignal<Either<BlockError, Unit>> _signal;
        private readonly LoopTimer _timer;
        private Func<BlockError?>? _end;

        public BlockRequest(EventLoop loop, BlockConnection connection)
        {
            (_connection, _signal) = (connection, new LoopSignal<Either<BlockError, Unit>>(loop));
            _timer = loop.CreateTimer(static self => ((BlockRequest)self!).End(), this);
        }

        public bool IsPending => _signal.IsPending;

        public ValueTask<Either<BlockError, Unit>> Begin(long dueNs, Func<BlockError?> end)
        {
            _end = end;
            var outcome = _signal.WaitAsync();
            _timer.Arm(dueNs);
            return outcome;
        }

        private void End()
        {
            var end = _end!;
            _end = null;
            if (_connection.IsGone)
                return;
            try
            {
                _signal.TrySetResult(Outcome(end()));
            }
            catch (Exception mistake) when (mistake is InvalidOperationException)
            {
                _signal.TrySetException(mistake);
            }
        }
    }
}
