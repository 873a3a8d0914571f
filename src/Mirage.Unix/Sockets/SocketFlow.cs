using System.IO.Pipelines;

namespace Mirage.Unix;

/// <summary>A connection on a kernel socket: non-blocking calls on the loop, no other thread.</summary>
/// <remarks>What is flushed during an iteration of the loop is sent at its end by one call. Reading stops while the application
/// holds a bounded number of bytes, so that the kernel's window tells the peer.</remarks>
internal sealed class SocketFlow : IFlow, ILoopInput, ILoopOutput, IDescriptorHandler
{
    private const int BatchBytesMax = 256 * 1024;
    private const long LingerNs = 30_000_000_000; // Without any progress for that long, nobody takes what was left to send.

    private readonly SocketWorld _world;
    private readonly int _descriptor;
    private readonly DescriptorWatch _watch;
    private readonly SocketReader _reader;
    private readonly SocketWriter _writer;
    private LoopTimer? _linger;
    private TcpError? _error;
    private bool _isReadable;
    private bool _isWritable;
    private bool _hasPeerEnded;
    private bool _isInputRequested;
    private bool _isFlushRequested;
    private bool _isShutDown;
    private bool _isDisposed;

    /// <param name="world">The stack that the flow belongs to.</param>
    /// <param name="descriptor">A connected socket, which is the flow's from now on.</param>
    /// <param name="remote">The peer's end.</param>
    /// <exception cref="IOException">The socket cannot be watched; it stays the caller's.</exception>
    public SocketFlow(SocketWorld world, int descriptor, Endpoint remote)
    {
        (_world, _descriptor, Remote) = (world, descriptor, remote);
        Local = KernelSocket.LocalEnd(descriptor);
        // What is written in an iteration is gathered already: holding a short segment back would only delay it.
        KernelSocket.SetOption(descriptor, Libc.LevelTcp, Libc.OptionNoDelay, 1);
        _reader = new(this, world.Loop, world.Pool);
        _writer = new(this, world.Loop, world.Pool);
        _watch = world.Driver.Watch(descriptor, this);
        world.Flows.Add(this);
    }

    public Endpoint Local { get; }

    public Endpoint Remote { get; }

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    /// <summary>Whether the application is done with the flow and the kernel has not taken everything yet.</summary>
    public bool IsLingering => _isDisposed && _error is null;

    public void Abort() => Break(new TcpError.Closed(), isReset: true);

    public ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return ValueTask.CompletedTask;

        _isDisposed = true;
        if (_error is not null)
            return ValueTask.CompletedTask;

        _reader.Fail(new TcpError.Closed());
        if (_reader.HasUnread) // RFC 2525 section 2.17: the peer learns that its bytes were not taken.
        {
            Abort();
            return ValueTask.CompletedTask;
        }

        _writer.Complete();
        RequestSend();
        _linger = _world.Loop.CreateTimer(static flow => ((SocketFlow)flow!).Abort(), this);
        _linger.Arm(_world.Loop.NowNs + LingerNs);
        return ValueTask.CompletedTask;
    }

    public void Ready(DescriptorEvents events)
    {
        if ((events & DescriptorEvents.Readable) != 0)
        {
            _isReadable = true;
            _hasPeerEnded |= (events & DescriptorEvents.Ended) != 0;
            RequestInput();
        }

        if ((events & DescriptorEvents.Writable) != 0)
        {
            _isWritable = true;
            RequestSend();
        }
    }

    public bool TakeBatch()
    {
        var bytes = 0;
        while (_error is null && _isReadable && _reader.HasRoom && bytes < BatchBytesMax)
            bytes += Receive();
        // A reset is to be noticed even when nobody reads.
        if (_error is null && _isReadable && _hasPeerEnded && !_reader.HasRoom)
            CheckError();

        _reader.Announce();
        _isInputRequested = _error is null && _isReadable && _reader.HasRoom;
        return _isInputRequested;
    }

    /// <summary>Sends what was flushed.</summary>
    public void Flush()
    {
        _isFlushRequested = false;
        while (_error is null)
        {
            var bytes = _writer.Sendable;
            if (bytes.IsEmpty)
                Finish();
            if (bytes.IsEmpty || !_isWritable)
                return;

            var count = _world.Writer.Write(_descriptor, bytes);
            if (count >= 0)
                TakeSent((int)count);
            else if (Errno.Last is var error && error == Errno.Again)
                _isWritable = false;
            else if (error != Errno.Interrupted)
                Break(SocketErrors.OfConnection(error, Remote), isReset: false);
        }
    }

    /// <summary>Asks for <see cref="Flush"/> at the end of the iteration.</summary>
    public void RequestSend()
    {
        if (_isFlushRequested || _error is not null)
            return;
        _isFlushRequested = true;
        _world.Loop.RequestFlush(this);
    }

    /// <summary>Goes on fetching when the application has made room.</summary>
    public void Consumed(bool hasRoom)
    {
        if (hasRoom && _isReadable)
            RequestInput();
    }

    /// <summary>Calls <paramref name="cancel"/> on the loop when <paramref name="cancellation"/> is cancelled anywhere.</summary>
    public CancellationTokenRegistration OnCancel(Action cancel, CancellationToken cancellation) =>
        _world.OnCancel(cancel, cancellation);

    /// <summary>Ends the connection for both halves.</summary>
    public void Break(TcpError error, bool isReset)
    {
        if (_error is not null)
            return;

        _error = error;
        Close(isReset);
        _reader.Fail(error);
        _writer.Fail(error);
    }

    private int Receive()
    {
        var memory = _reader.GetMemory();
        var count = _world.Receive(_descriptor, memory.Span);
        _reader.Receive(Math.Max(count, 0));
        if (count > 0)
        {
            // A call that fills less than it could has emptied the socket; only an end may lie behind it, which an edge told.
            _isReadable = count == memory.Length || _hasPeerEnded;
            return count;
        }

        if (count == 0)
        {
            _isReadable = false;
            _reader.End();
        }
        else if (Errno.Last is var error && error == Errno.Again)
        {
            _isReadable = false;
        }
        else if (error != Errno.Interrupted)
        {
            Break(SocketErrors.OfConnection(error, Remote), isReset: false);
        }

        return 0;
    }

    private void TakeSent(int count)
    {
        _writer.Sent(count);
        _linger?.Arm(_world.Loop.NowNs + LingerNs);
    }

    // Everything that was flushed is with the kernel.
    private void Finish()
    {
        if (!_writer.IsCompleted)
            return;
        if (_isDisposed)
        {
            _error = new TcpError.Closed();
            Close(isReset: false);
            _writer.Fail(_error);
        }
        else if (!_isShutDown)
        {
            _isShutDown = true;
            _ = Libc.Shutdown(_descriptor, Libc.ShutWrite);
        }
    }

    private void CheckError()
    {
        var error = KernelSocket.TakeError(_descriptor);
        if (error != 0)
            Break(SocketErrors.OfConnection(error, Remote), isReset: false);
    }

    private void RequestInput()
    {
        if (_isInputRequested || _error is not null)
            return;
        _isInputRequested = true;
        _world.Loop.RequestInput(this);
    }

    private void Close(bool isReset)
    {
        _linger?.Disarm();
        _watch.Dispose();
        if (isReset)
            KernelSocket.Reset(_descriptor);
        else
            _ = Libc.Close(_descriptor);
        _world.Forget(this);
    }
}
