using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Mirage.Net;

/// <summary>
/// The bytes that the peer sent, read in place: a pipe's reading end over the receive queue, without a pipe.
/// </summary>
/// <remarks>What is consumed is released and opens the window. What is examined and not consumed is offered again only
/// with more behind it, for which the receive queue grows as far as it may. Beyond that reading fails: nothing would
/// ever come.</remarks>
internal sealed class FlowReader(EventLoop loop, ByteQueue queue, IFlowOwner owner)
    : PipeReader, IValueTaskSource<ReadResult>
{
    private LoopWait? _wait; // Once a read has waited.
    private long _place; // Of the first byte of what was given out last.
    private int _examined; // Bytes at the head of the queue that were examined and not consumed.
    private Reading _reading;
    private TcpError? _error;
    private bool _isEnd;
    private bool _isCanceled;
    private bool _isFull; // And the reader waits for more.

    private enum Reading : byte
    {
        None,
        Tentative, // Nothing was given, or a cancelled read: another read may follow at once.
        Active,
    }

    /// <summary>Whether the application reads no more.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Whether bytes came that the application will never read.</summary>
    public bool HasDiscarded { get; private set; }

    private bool IsReady => _isCanceled || _isEnd || _error is not null || queue.Length > _examined;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        if (IsReady)
            return new(TakeResult());
        ThrowIfFull();
        _wait ??= new(loop);
        return new(this, _wait.Begin(cancellationToken));
    }

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (_wait is { IsPending: true })
            throw new InvalidOperationException("Reading is already in progress.");
        if (IsReady)
        {
            result = TakeResult();
            return true;
        }

        ThrowIfActive();
        ThrowIfFull();
        _reading = Reading.Tentative;
        result = default;
        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfCompleted();
        if (_reading is Reading.None)
            throw new InvalidOperationException("No reading operation to complete.");
        // As on a pipe: the position of no buffer moves nothing.
        var consumedCount = consumed.GetObject() is null ? 0 : CountTo(consumed);
        var examinedCount = examined.GetObject() is null ? _examined : CountTo(examined);
        var isInside = consumedCount >= 0 && examinedCount >= consumedCount && examinedCount <= queue.Length;
        if (!isInside || examinedCount < _examined)
            throw new InvalidOperationException(
                "The examined position is before the consumed or an earlier one, or is not in the buffer.");

        _reading = Reading.None;
        _place = 0;
        _examined = examinedCount - consumedCount;
        queue.Release(_error is null ? consumedCount : queue.Length);
        if (consumedCount > 0)
            owner.HandleRead();
        var isWaiting = _examined > 0 && _examined == queue.Length && !_isEnd && _error is null;
        _isFull = isWaiting && !owner.HandleDemand();
    }

    public override void CancelPendingRead()
    {
        _isCanceled = true;
        _wait?.Wake();
    }

    public override void Complete(Exception? exception = null)
    {
        if (IsCompleted)
            return;
        IsCompleted = true;
        _reading = Reading.None;
        Discard();
        owner.HandleInputCompleted();
    }

    /// <summary>Bytes were appended to the queue.</summary>
    public void HandleArrival()
    {
        if (!IsCompleted)
        {
            _wait?.Wake();
            return;
        }

        Discard();
        owner.HandleRead();
    }

    /// <summary>The peer sends no more than what is in the queue.</summary>
    public void HandleEnd()
    {
        _isEnd = true;
        _wait?.Wake();
    }

    /// <summary>
    /// The connection broke: reading throws from now on. Bytes under the reader's eyes stay until it lets go.
    /// </summary>
    public void HandleFailure(TcpError error)
    {
        _error ??= error;
        if (_reading is Reading.None)
            Discard();
        _wait?.Wake();
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _wait!.GetResult(token);
        return TakeResult();
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _wait!.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait!.OnCompleted(continuation, state, token, flags);

    // The result is made when it is taken: what a batch of frames brought after the first one is in it.
    private ReadResult TakeResult()
    {
        if (_error is not null)
            throw new FlowException(_error);
        var isCanceled = _isCanceled;
        _isCanceled = false;
        ThrowIfActive();
        _reading = isCanceled ? Reading.Tentative : Reading.Active;
        var buffer = queue.Length == 0 ? default : queue.All;
        _place = PlaceOf(buffer.Start);
        return new(buffer, isCanceled, _isEnd);
    }

    private void Discard()
    {
        HasDiscarded |= queue.Length > 0;
        queue.Clear();
        (_place, _examined) = (0, 0);
    }

    private int CountTo(SequencePosition position) => (int)(PlaceOf(position) - _place);

    private static long PlaceOf(SequencePosition position) =>
        position.GetObject() is Block block ? block.Start + position.GetInteger() : 0;

    private void ThrowIfFull()
    {
        if (!_isFull)
            return;
        (_isFull, _examined) = (false, 0); // The next read gives what there is, of which some can be consumed.
        throw new InvalidOperationException(
            $"The {queue.Length} bytes that the flow may hold now were read and none consumed: consume some before "
            + "reading on, or ask for a larger ReceiveBuffer in the FlowOptions.");
    }

    private void ThrowIfCompleted()
    {
        if (IsCompleted)
            throw new InvalidOperationException("Reading is not allowed after reader was completed.");
    }

    private void ThrowIfActive()
    {
        if (_reading is Reading.Active)
            throw new InvalidOperationException("Reading is already in progress.");
    }
}
