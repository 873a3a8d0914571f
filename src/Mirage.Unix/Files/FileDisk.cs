using LanguageExt;

namespace Mirage.Unix;

/// <summary>A file or disk as sectors. Requests go on at once where they do not meet; those that meet go one after
/// another, as they came, so that no sector is ever a blend.</summary>
internal sealed class FileDisk
{
    private const int RequestsRetainedMax = 64;

    // What is copied from the cache before others have their turn: about 0.1 ms.
    private const long CachedMax = 1024 * 1024;

    private readonly Host _host;
    private readonly DiskFile _file;
    private readonly Holding _holding;
    private readonly List<DiskRequest> _active = [];
    private readonly List<DiskRequest> _waiting = [];
    private readonly Queue<DiskRequest> _free = new();
    private TaskCompletionSource? _idle;
    private BlockError? _flushFailure;
    private bool _isDisconnected;

    public FileDisk(Host host, DiskFile file, BlockInfo info)
    {
        (_host, _file, Info) = (host, file, info);
        _holding = host.Holdings.Add("disk requests", () => _active.Count + _waiting.Count);
    }

    public BlockInfo Info { get; private set; }

    public ValueTask<Either<BlockError, Unit>> Read(long sector, IReadOnlyList<Memory<byte>> buffers)
    {
        if (Refusal(Info.RefuseRead(sector, buffers, out var count)) is { } error)
            return new(error);
        if (count == 0)
            return new(Unit.Default);
        var request = Rent();
        request.ToRead(sector, count, buffers);
        if (_file.IsDirect || count > CachedMax / Info.SectorSize || Waits(request, _waiting.Count)
            || !request.TryReadCached())
            return Begin(request);
        request.Release();
        Return(request);
        return new(Unit.Default);
    }

    public ValueTask<Either<BlockError, Unit>> Write(long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        if (Refusal(Info.RefuseWrite(sector, buffers, out var count)) is { } error)
            return new(error);
        if (count == 0)
            return new(Unit.Default);
        var request = Rent();
        request.ToWrite(sector, count, buffers);
        return Begin(request);
    }

    public ValueTask<Either<BlockError, Unit>> Discard(long sector, long count) =>
        Refusal(Info.RefuseDiscard(sector, count)) is { } error ? new(error)
        : count == 0 ? new(Unit.Default)
        : Begin(DiskRequestKind.Discard, sector, count);

    public ValueTask<Either<BlockError, Unit>> Resize(long count) =>
        Refusal(Info.RefuseResize(count)) is { } error ? new(error) : Begin(DiskRequestKind.Resize, 0, count);

    public ValueTask<Either<BlockError, Unit>> Flush()
    {
        if (Refusal(_flushFailure) is { } error)
            return new(error);
        return Info.ReadOnly ? new(Unit.Default) : Begin(DiskRequestKind.Flush, 0, 0);
    }

    /// <summary>Closes the file once what is under way has ended: the kernel may still use the buffers.</summary>
    public async ValueTask Disconnect()
    {
        _isDisconnected = true;
        if (_active.Count + _waiting.Count > 0)
        {
            _idle ??= new TaskCompletionSource();
            await _idle.Task;
        }

        _file.Dispose();
        _holding.Dispose();
    }

    /// <summary>A request has ended: those that waited for it alone begin.</summary>
    public Either<BlockError, Unit> End(DiskRequest request, Either<BlockError, Unit> outcome)
    {
        _active.Remove(request);
        request.Release();
        // What the kernel could not write it forgets: a flush that succeeds afterwards proves nothing.
        if (request.HasLostWrites)
            _flushFailure ??= outcome.Case as BlockError;
        if (request.Kind is DiskRequestKind.Flush && _flushFailure is { } failure)
            outcome = failure;

        if (request.Kind is DiskRequestKind.Resize && outcome.IsRight)
            Info = Info with { SectorCount = request.Count };
        for (var index = 0; index < _waiting.Count; index++)
        {
            var next = _waiting[index];
            if (Waits(next, index))
                continue;
            _waiting.RemoveAt(index--);
            Start(next);
        }

        Return(request);
        if (_active.Count == 0)
            _idle?.TrySetResult();
        return outcome;
    }

    private BlockError? Refusal(BlockError? error) => _isDisconnected ? new BlockError.Disconnected() : error;

    private ValueTask<Either<BlockError, Unit>> Begin(DiskRequestKind kind, long sector, long count)
    {
        var request = Rent();
        request.To(kind, sector, count);
        return Begin(request);
    }

    private ValueTask<Either<BlockError, Unit>> Begin(DiskRequest request)
    {
        var outcome = request.Begin();
        if (Waits(request, _waiting.Count))
            _waiting.Add(request);
        else
            Start(request);
        return outcome;
    }

    private void Start(DiskRequest request)
    {
        _active.Add(request);
        request.Start();
    }

    // Whether something that is under way, or waits and came before, must end first.
    private bool Waits(DiskRequest request, int before)
    {
        foreach (var other in _active)
        {
            if (request.Excludes(other))
                return true;
        }

        for (var index = 0; index < before; index++)
        {
            if (request.Excludes(_waiting[index]))
                return true;
        }

        return false;
    }

    // One whose outcome nobody has taken yet is not used again, and goes to the end of the queue.
    private DiskRequest Rent()
    {
        if (!_free.TryDequeue(out var request))
            return new DiskRequest(this, _file, _host.Loop);
        if (!request.IsPending)
            return request;
        _free.Enqueue(request);
        return new DiskRequest(this, _file, _host.Loop);
    }

    private void Return(DiskRequest request)
    {
        if (_free.Count < RequestsRetainedMax)
            _free.Enqueue(request);
    }
}
