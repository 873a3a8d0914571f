using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using LanguageExt;

namespace Mirage.Net;

/// <summary>The receiving side of a <see cref="UdpSocket{TUdp}"/>: what has come, and who waits for it.</summary>
internal sealed class UdpReceiver(EventLoop loop, int bytesMax, int countMax)
    : IValueTaskSource<Either<UdpError, UdpReceived>>
{
    /// <summary>Errors that wait to be taken.</summary>
    public const int ErrorsMax = 16;

    private readonly LoopWait _wait = new(loop);
    private readonly DatagramQueue _datagrams = new(bytesMax, countMax);
    private readonly Queue<UdpError> _errors = new();
    private Memory<byte> _buffer; // Of who waits.
    private bool _isClosed;

    /// <summary>Datagrams that wait.</summary>
    public int Count => _datagrams.Count;

    /// <summary>Datagrams for which there was no room.</summary>
    public long Dropped { get; private set; }

    private bool IsReady => _datagrams.Count > 0 || _errors.Count > 0 || _isClosed;

    public ValueTask<Either<UdpError, UdpReceived>> Receive(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_wait.IsPending)
            throw new InvalidOperationException("Receiving is already in progress.");
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<Either<UdpError, UdpReceived>>(cancellation);
        if (IsReady)
            return new(Take(buffer.Span));
        _buffer = buffer;
        return new(this, _wait.Begin(cancellation));
    }

    public bool TryReceive(Span<byte> buffer, out UdpReceived received)
    {
        received = default;
        return !_wait.IsPending && _datagrams.TryTake(buffer, out received);
    }

    public bool TryTakeError([NotNullWhen(true)] out UdpError? error) => _errors.TryDequeue(out error);

    public void HandleDatagram(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload)
    {
        // The newest is dropped: what the reader has not taken yet is in order.
        if (_isClosed || !_datagrams.TryAdd(source, destination, payload))
        {
            Dropped++;
            return;
        }

        _wait.Wake();
    }

    public void HandleError(UdpError error)
    {
        // Ten datagrams to a port that nobody has bound are one error until it is taken.
        if (_isClosed || _errors.Count >= ErrorsMax || _errors.Contains(error))
            return;
        _errors.Enqueue(error);
        _wait.Wake();
    }

    /// <summary>Nothing comes any more, and what has come is not wanted.</summary>
    public void HandleDispose()
    {
        _datagrams.Clear();
        _errors.Clear();
        HandleClose();
    }

    /// <summary>Nothing comes any more. What has come may still be taken.</summary>
    public void HandleClose()
    {
        _isClosed = true;
        _wait.Wake();
    }

    Either<UdpError, UdpReceived> IValueTaskSource<Either<UdpError, UdpReceived>>.GetResult(short token)
    {
        var buffer = _buffer;
        _buffer = default;
        _wait.GetResult(token);
        return Take(buffer.Span);
    }

    ValueTaskSourceStatus IValueTaskSource<Either<UdpError, UdpReceived>>.GetStatus(short token) =>
        _wait.GetStatus(token);

    void IValueTaskSource<Either<UdpError, UdpReceived>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private Either<UdpError, UdpReceived> Take(Span<byte> buffer)
    {
        if (_errors.TryDequeue(out var error))
            return error;
        if (_datagrams.TryTake(buffer, out var received))
            return received;
        return new UdpError.Closed();
    }
}
