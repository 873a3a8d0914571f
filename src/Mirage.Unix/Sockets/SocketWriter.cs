using System.Buffers;
using System.IO.Pipelines;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>What is to be sent, as the writing half of a pipe: kept in place until the kernel takes it.</summary>
internal sealed class SocketWriter(SocketFlow flow, EventLoop loop, BlockPool pool) : PipeWriter
{
    private const int SendMax = 256 * 1024;

    private readonly ByteQueue _queue = new(pool);
    private readonly LoopSignal<FlushResult> _room = new(loop);
    private TcpError? _error;
    private int _unflushed;
    private bool _isCancelRequested;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    /// <summary>Whether the application has said that it writes no more.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>What was flushed and not sent yet.</summary>
    public ReadOnlySequence<byte> Sendable => _queue.Slice(0, _queue.Length - _unflushed);

    /// <summary>Lets go of the first <paramref name="count"/> bytes, which the kernel has taken.</summary>
    public void Sent(int count)
    {
        _queue.Release(count);
        if (_room.IsPending && _queue.Length <= SendMax / 2)
            _room.TrySetResult(new(isCanceled: false, isCompleted: false));
    }

    /// <summary>Makes every flush from now on throw. Bytes that were not sent are lost.</summary>
    public void Fail(TcpError error)
    {
        if (_error is not null)
            return;
        _error = error;
        _unflushed = 0;
        _room.TrySetException(new FlowException(error));
        _queue.Clear();
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfCompleted();
        return _queue.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ThrowIfCompleted();
        _queue.Advance(bytes);
        if (_error is null)
            _unflushed += bytes;
        else
            _queue.Clear(); // The flush to come says why.
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        if (_error is not null)
            throw new FlowException(_error);
        ThrowIfCompleted();

        _unflushed = 0;
        flow.RequestSend();
        if (_isCancelRequested)
        {
            _isCancelRequested = false;
            return new(new FlushResult(isCanceled: true, isCompleted: false));
        }

        if (_queue.Length < SendMax)
            return new(new FlushResult(isCanceled: false, isCompleted: false));
        return cancellationToken.CanBeCanceled ? WaitAsync(cancellationToken) : _room.WaitAsync();
    }

    public override void CancelPendingFlush() =>
        _isCancelRequested = !_room.TrySetResult(new(isCanceled: true, isCompleted: false));

    public override void Complete(Exception? exception = null)
    {
        if (IsCompleted)
            return;
        IsCompleted = true;
        _unflushed = 0; // As in a pipe: completing flushes.
        if (exception is not null)
            flow.Abort();
        else
            flow.RequestSend();
    }

    private async ValueTask<FlushResult> WaitAsync(CancellationToken cancellation)
    {
        var isWaiting = true; // A cancellation comes from another thread by a post, perhaps after the wait that it was for.
        using var registration = flow.OnCancel(() =>
        {
            if (isWaiting)
                _room.TrySetException(new OperationCanceledException(cancellation));
        }, cancellation);
        try
        {
            return await _room.WaitAsync();
        }
        finally
        {
            isWaiting = false;
        }
    }

    private void ThrowIfCompleted()
    {
        if (IsCompleted)
            throw new InvalidOperationException("Writing is not allowed after the writer was completed.");
    }
}
