using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Mirage.Net;

/// <summary>The bytes to be sent, written in place: a pipe's writing end over the send queue, without a pipe.</summary>
/// <remarks>What is written stays where it is until the peer has acknowledged it. A flush waits while the queue is
/// full.</remarks>
internal sealed class FlowWriter(
    EventLoop loop, ByteQueue queue, IFlowOwner owner, int pauseBytes = 0)
    : PipeWriter, IValueTaskSource<FlushResult>
{
    /// <summary>The least and the most of <see cref="PauseBytes"/>.</summary>
    public const int PauseMin = 1 << 18, PauseMax = 1 << 22;

    private LoopWait? _wait; // Once a flush has waited.
    private int _lent; // Bytes of the memory given out that are not advanced over.
    private int _unflushed;
    private TcpError? _error;
    private readonly bool _isFitted = pauseBytes <= 0; // Nobody has said how many bytes it is to take.
    private bool _isPaused;
    private bool _isCanceled;
    private bool _isCompleted;

    /// <summary>Bytes not acknowledged at which a flush begins to wait.</summary>
    public int PauseBytes { get; private set; } = pauseBytes > 0 ? pauseBytes : PauseMin;

    /// <summary>Bytes not acknowledged below which it has waited enough.</summary>
    public int ResumeBytes => Math.Max(1, PauseBytes - (PauseBytes / 4));

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfCompleted();
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var memory = queue.GetMemory(sizeHint);
        _lent = memory.Length;
        return memory;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)_lent, nameof(bytes));
        if (_lent == 0)
            return;
        _lent -= bytes;
        _unflushed += bytes;
        if (_error is not null)
            return; // Nothing is sent any more; the memory is the writer's until it completes.
        queue.Advance(bytes);
        if (_lent > 0 && bytes > 0)
            queue.GetMemory(1); // A writer may go on in the same memory: its block must not be given back meanwhile.
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        ThrowIfFailed();
        EndLoan();
        Commit();
        if (queue.Length >= PauseBytes)
            _isPaused = true;
        if (!_isPaused || _isCanceled)
            return new(TakeResult());
        _wait ??= new(loop);
        return new(this, _wait.Begin(cancellationToken));
    }

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        ThrowIfFailed();
        queue.Append(source.Span);
        _lent = 0;
        _unflushed += source.Length;
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush()
    {
        _isCanceled = true;
        _wait?.Wake();
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
            return;
        _isCompleted = true;
        queue.Advance(0); // Memory that was given out and not used goes back.
        if (_error is not null)
            queue.Clear();
        _lent = 0;
        Commit();
        owner.HandleOutputCompleted(exception);
    }

    /// <summary>The connection may have sent <paramref name="span"/> bytes that are not acknowledged: as many again are
    /// to wait behind them, so that what is acknowledged is followed at once; but no more than
    /// <paramref name="share"/> of the stack's memory.</summary>
    public void Fit(long span, long share)
    {
        if (_isFitted)
            PauseBytes = (int)Math.Clamp(2 * span, PauseMin, Math.Clamp(share, PauseMin, PauseMax));
    }

    /// <summary>The peer acknowledged bytes: they were released from the queue.</summary>
    public void HandleRoom()
    {
        if (!_isPaused || queue.Length >= ResumeBytes)
            return;
        _isPaused = false;
        _wait?.Wake();
    }

    /// <summary>The connection broke or is being closed: flushing throws from now on.</summary>
    public void HandleFailure(TcpError error)
    {
        _error ??= error;
        _wait?.Wake();
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _wait!.GetResult(token);
        return TakeResult();
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _wait!.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait!.OnCompleted(continuation, state, token, flags);

    private FlushResult TakeResult()
    {
        ThrowIfFailed();
        var isCanceled = _isCanceled;
        _isCanceled = false;
        return new(isCanceled, isCompleted: false);
    }

    // Memory that was given out is not written to any more: an idle connection holds none.
    private void EndLoan()
    {
        if (_lent == 0)
            return;
        _lent = 0;
        queue.Advance(0);
    }

    private void Commit()
    {
        if (_unflushed == 0)
            return;
        _unflushed = 0;
        if (_error is null)
            owner.HandleWritten();
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
            throw new InvalidOperationException("Writing is not allowed after writer was completed.");
    }

    // A broken connection sends nothing any more; one that was closed in order still sends what is in the queue.
    private void ThrowIfFailed()
    {
        if (_error is null)
            return;
        if (!_isCompleted)
            queue.Clear();
        throw new FlowException(_error);
    }
}
