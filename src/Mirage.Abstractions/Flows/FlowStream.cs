using System.Buffers;

namespace Mirage;

/// <summary>A flow as a <see cref="Stream"/>, for code that wants one: TLS, HTTP clients, readers of text.</summary>
/// <remarks>
/// <para>Reading gives 0 at the end of the peer's stream. A broken connection is a <see cref="FlowException"/>, which
/// is
/// the <see cref="IOException"/> that users of streams expect. What is written leaves without a flush.</para>
/// <para>A loop is one thread, and a thread that waits for a peer would keep the peer's bytes from arriving.
/// So <see cref="Read(Span{byte})"/> and <see cref="Write(ReadOnlySpan{byte})"/> do what can be done at once, and
/// refuse
/// to wait.</para>
/// <para>Much of .NET, TLS and HTTP among it, goes on wherever it was woken and not on the loop that it was called on.
/// The asynchronous operations may be called from there: they run on the loop on which the stream was made.</para>
/// <para>Disposing the stream disposes the flow.</para>
/// </remarks>
public sealed class FlowStream : Stream
{
    private readonly IFlow _flow;
    private readonly SynchronizationContext? _context = SynchronizationContext.Current; // The loop's.
    private Task _flush = Task.CompletedTask; // That of the last synchronous write.
    private bool _isDisposed;

    internal FlowStream(IFlow flow) => _flow = flow;

    /// <summary>The flow itself. Its pipes and the stream are not to be used at once.</summary>
    public IFlow Flow => _flow;

    private bool IsOnLoop => _context is null || SynchronizationContext.Current == _context;

    /// <inheritdoc/>
    public override bool CanRead => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends our stream; what the peer still sends can be read (half-close).</summary>
    public void CompleteWrites()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (IsOnLoop)
            _flow.Output.Complete();
        else
            _context!.Post(static flow => ((IFlow)flow!).Output.Complete(), _flow);
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return IsOnLoop
            ? ReadHere(buffer, cancellationToken)
            : new(OnLoop(() => ReadHere(buffer, cancellationToken).AsTask()).Unwrap());
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return IsOnLoop
            ? WriteHere(buffer, cancellationToken)
            : new(OnLoop(() => WriteHere(buffer, cancellationToken).AsTask()).Unwrap());
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _flush.WaitAsync(cancellationToken); // What was written by WriteAsync has left.
    }

    /// <summary>Takes bytes that are there, or the end of the stream.</summary>
    /// <exception cref="InvalidOperationException">Nothing is there yet.</exception>
    public override int Read(Span<byte> buffer)
    {
        ThrowIfUnusable();
        if (buffer.IsEmpty)
            return 0;
        if (!_flow.Input.TryRead(out var result))
            throw new InvalidOperationException(
                "Nothing has arrived yet, and a loop must not be blocked: ReadAsync waits.");
        return Take(result.Buffer, buffer);
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Writes, when nothing that was written before waits for room.</summary>
    /// <exception cref="InvalidOperationException">The peer has to take what was written before.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfUnusable();
        if (!_flush.IsCompleted)
            throw new InvalidOperationException(
                "The peer has not taken what was written before, and a loop must not be blocked: WriteAsync waits.");
        _flush.GetAwaiter().GetResult(); // Tells of a connection that broke meanwhile.
        _flow.Output.Write(buffer);
        var flush = _flow.Output.FlushAsync();
        _flush = flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask();
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Does nothing: what is written leaves without it.</summary>
    public override void Flush() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseFlow();
        await base.DisposeAsync();
    }

    /// <summary>Disposes the flow. One that lingers does so while nobody waits.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _ = CloseFlow().Preserve();
        base.Dispose(disposing);
    }

    private ValueTask CloseFlow()
    {
        if (_isDisposed)
            return ValueTask.CompletedTask;
        _isDisposed = true;
        return IsOnLoop ? _flow.DisposeAsync() : new(OnLoop(() => _flow.DisposeAsync().AsTask()).Unwrap());
    }

    // No ConfigureAwait(false) here, and no stream of System.IO.Pipelines, which has it: it would leave the loop.
    private async ValueTask<int> ReadHere(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (buffer.IsEmpty)
            return 0;
        var result = await _flow.Input.ReadAsync(cancellation);
        return Take(result.Buffer, buffer.Span);
    }

    private async ValueTask WriteHere(ReadOnlyMemory<byte> buffer, CancellationToken cancellation)
    {
        await _flush.WaitAsync(cancellation);
        await _flow.Output.WriteAsync(buffer, cancellation);
    }

    private int Take(in ReadOnlySequence<byte> bytes, Span<byte> buffer)
    {
        var taken = bytes.Slice(0, Math.Min(buffer.Length, bytes.Length));
        var count = (int)taken.Length; // Once it is consumed the memory is another's.
        taken.CopyTo(buffer);
        _flow.Input.AdvanceTo(taken.End);
        return count;
    }

    private Task<TTask> OnLoop<TTask>(Func<TTask> work) where TTask : Task
    {
        var begun = new TaskCompletionSource<TTask>(TaskCreationOptions.RunContinuationsAsynchronously);
        _context!.Post(_ => begun.SetResult(work()), null);
        return begun.Task;
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!IsOnLoop)
            throw new InvalidOperationException("A flow is used on its loop: ReadAsync and WriteAsync go there.");
    }
}
