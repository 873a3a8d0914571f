using System.Diagnostics;
using System.IO.Pipelines;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>What a peer sent, as the reading half of a pipe: read in place, and fetched from the kernel only while there is room.</summary>
internal sealed class SocketReader(SocketFlow flow, EventLoop loop, BlockPool pool) : PipeReader
{
    private const int ReceiveMax = 256 * 1024;

    private readonly ByteQueue _queue = new(pool);
    private readonly LoopSignal<ReadResult> _arrival = new(loop);
    private TcpError? _error;
    private int _examined;
    private bool _isEnded;
    private bool _isReading;
    private bool _isCancelRequested;

    /// <summary>Whether more is to be fetched from the kernel.</summary>
    public bool HasRoom => _queue.Length < ReceiveMax && !_isEnded && !IsCompleted && _error is null;

    /// <summary>Whether the application has said that it reads no more.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Whether there are bytes that arrived and were never consumed.</summary>
    public bool HasUnread { get; private set; }

    public Memory<byte> GetMemory() => _queue.GetMemory(1);

    /// <summary>Takes over what was received into the memory got last; nothing when <paramref name="count"/> is 0.</summary>
    public void Receive(int count) => _queue.Advance(count);

    /// <summary>Notes that the peer has ended its stream.</summary>
    public void End() => _isEnded = true;

    /// <summary>Wakes the reader when there is something that it has not seen.</summary>
    public void Announce()
    {
        if (_arrival.IsPending && !_isReading && HasNews)
            Deliver(isCanceled: false);
    }

    /// <summary>Makes every read from now on throw. Bytes that were not read are lost.</summary>
    public void Fail(TcpError error)
    {
        if (_error is not null)
            return;
        _error = error;
        HasUnread |= _queue.Length > 0;
        _arrival.TrySetException(new FlowException(error));
        if (!_isReading) // Otherwise the reader may be looking at the bytes.
            _queue.Clear();
    }

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfNotReadable();
        if (!HasNews && !_isCancelRequested)
        {
            result = default;
            return false;
        }

        result = new(_queue.All, _isCancelRequested, _isEnded);
        (_isReading, _isCancelRequested) = (true, false);
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        if (TryRead(out var result))
            return new(result);
        return cancellationToken.CanBeCanceled ? WaitAsync(cancellationToken) : _arrival.WaitAsync();
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_isReading)
            throw new InvalidOperationException("No reading operation to complete.");

        var start = _queue.All.Start;
        var (consumedCount, examinedCount) = (Offset(start, consumed), Offset(start, examined));
        if (consumedCount > examinedCount || examinedCount > _queue.Length)
            throw new ArgumentOutOfRangeException(nameof(consumed), "What is consumed was examined, and lies in the buffer.");

        _isReading = false;
        _queue.Release(consumedCount);
        _examined = examinedCount - consumedCount;
        if (_error is not null)
            _queue.Clear();
        else
            flow.Consumed(_queue.Length <= ReceiveMax / 2);
    }

    public override void CancelPendingRead()
    {
        if (_arrival.IsPending && !_isReading)
            Deliver(isCanceled: true);
        else
            _isCancelRequested = true;
    }

    public override void Complete(Exception? exception = null)
    {
        if (IsCompleted)
            return;
        IsCompleted = true;
        _isReading = false;
        HasUnread |= _queue.Length > 0;
        _queue.Clear();
    }

    private bool HasNews => _queue.Length > _examined || _isEnded;

    private void Deliver(bool isCanceled)
    {
        if (_arrival.TrySetResult(new(_queue.All, isCanceled, _isEnded)))
            _isReading = true;
    }

    private async ValueTask<ReadResult> WaitAsync(CancellationToken cancellation)
    {
        var isWaiting = true; // A cancellation comes from another thread by a post, perhaps after the wait that it was for.
        using var registration = flow.OnCancel(() =>
        {
            if (isWaiting && !_isReading)
                _arrival.TrySetException(new OperationCanceledException(cancellation));
        }, cancellation);
        try
        {
            return await _arrival.WaitAsync();
        }
        finally
        {
            isWaiting = false;
        }
    }

    private void ThrowIfNotReadable()
    {
        if (_error is not null)
            throw new FlowException(_error);
        if (IsCompleted)
            throw new InvalidOperationException("Reading is not allowed after the reader was completed.");
        if (_isReading)
            throw new InvalidOperationException("Reading is already in progress: AdvanceTo was not called.");
    }

    private static int Offset(SequencePosition start, SequencePosition position)
    {
        if (position.GetObject() is not Block block)
            return 0; // The buffer was empty.
        var first = (Block?)start.GetObject();
        Debug.Assert(first is not null, "A position in a block means that the queue has one.");
        return (int)(block.Start + position.GetInteger() - (first.Start + start.GetInteger()));
    }
}
