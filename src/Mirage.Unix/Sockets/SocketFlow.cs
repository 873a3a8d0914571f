using System.IO.Pipelines;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>A connection on a kernel socket: non-blocking calls on the loop, no other thread.</summary>
/// <remarks>What is flushed during an iteration of the loop is sent at its end by one call. Reading stops while the
/// application holds a bounded number of bytes, so that the kernel's window tells the peer.</remarks>
internal sealed class SocketFlow : ITcpFlow, IFlowOwner, ILoopInput, ILoopOutput, IDescriptorHandler
{
    private const int BatchBytesMax = 256 * 1024;
    private const int ReceiveInitial = 512 * 1024;
    private const int WindowBytes = 512 * 1024; // What is taken to be in flight: the kernel does not say.
    // Without any progress for that long, nobody takes what was left to send.
    private const long LingerNs = 30_000_000_000;

    private readonly SocketWorld _world;
    private readonly int _descriptor;
    private readonly int _receiveLimit; // A reader that waits for more at once has that much.
    private readonly TimeSpan? _lingerTime;
    private readonly DescriptorWatch _watch;
    private readonly ByteQueue _received;
    private readonly ByteQueue _toSend;
    private readonly FlowReader _reader;
    private readonly FlowWriter _writer;
    private LoopTimer? _linger;
    private TcpError? _error;
    private TcpInfo? _last; // How the connection was when the socket was closed.
    private int _receiveMax = ReceiveInitial;
    private bool _isReadable;
    private bool _isWritable;
    // An edge has told that the end of the stream, or an error, lies behind what is to read.
    private bool _hasPeerEnded;
    private bool _isEndRead;
    private bool _isOutputCompleted;
    private bool _isInputRequested;
    private bool _isFlushRequested;
    private bool _isShutDown;
    private bool _isDisposed;

    /// <param name="world">The stack that the flow belongs to.</param>
    /// <param name="descriptor">A connected socket, which is the flow's from now on.</param>
    /// <param name="remote">The peer's end.</param>
    /// <param name="options">How it behaves, as far as the kernel was not told before.</param>
    /// <exception cref="IOException">The socket cannot be watched; it stays the caller's.</exception>
    public SocketFlow(SocketWorld world, int descriptor, Endpoint remote, FlowOptions options)
    {
        (_world, _descriptor, Remote, _lingerTime) = (world, descriptor, remote, options.Linger);
        Local = KernelSocket.LocalEnd(descriptor);
        _receiveLimit = Math.Max(options.ReceiveBuffer, TcpLimits.ReceiveBufferMax);
        // What is written in an iteration is gathered already: holding a short segment back would only delay it, unless
        // somebody asks for it.
        KernelSocket.SetOption(descriptor, Libc.LevelTcp, Libc.OptionNoDelay, options.Nagle ? 0 : 1);
        (_received, _toSend) = (new(world.Pool), new(world.Pool));
        _reader = new(world.Loop, _received, this);
        _writer = new(world.Loop, _toSend, this);
        _writer.Fit(WindowBytes, long.MaxValue);
        _watch = world.Driver.Watch(descriptor, this);
        world.Flows.Add(this);
    }

    public Endpoint Local { get; }

    public Endpoint Remote { get; }

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    public TcpInfo Info => _last ?? KernelTcpInfo.Read(_descriptor) with { Unread = _received.Length };

    /// <summary>Whether the application is done with the flow and the kernel has not taken everything yet.</summary>
    public bool IsLingering => _isDisposed && _error is null;

    private bool HasRoom => _received.Length < _receiveMax && !_isEndRead;

    public void Abort() => Break(new TcpError.Closed(), isReset: true);

    public ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return ValueTask.CompletedTask;

        _isDisposed = true;
        if (_error is not null)
            return ValueTask.CompletedTask;

        // RFC 2525 section 2.17: the peer learns that its bytes were not taken.
        if (_received.Length > 0 || _reader.HasDiscarded || _lingerTime == TimeSpan.Zero)
        {
            Abort();
            return ValueTask.CompletedTask;
        }

        _reader.HandleFailure(new TcpError.Closed());
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
        while (_error is null && _isReadable && HasRoom && bytes < BatchBytesMax)
            bytes += Receive();
        if (bytes > 0 && _error is null)
            _reader.HandleArrival();
        // A reset is to be noticed even while nobody reads.
        if (_error is null && _isReadable && _hasPeerEnded && !HasRoom)
            CheckError();
        return _isInputRequested = _error is null && _isReadable && HasRoom;
    }

    /// <summary>Sends what was flushed.</summary>
    public void Flush()
    {
        _isFlushRequested = false;
        while (_error is null)
        {
            var bytes = _toSend.Slice(0, _toSend.Length - (int)_writer.UnflushedBytes);
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

    void IFlowOwner.HandleRead()
    {
        if (_isReadable && _received.Length <= _receiveMax / 2)
            RequestInput();
    }

    bool IFlowOwner.HandleDemand()
    {
        if (_received.Length >= _receiveMax)
            _receiveMax = (int)Math.Min(2L * _receiveMax, _receiveLimit);
        if (_isReadable && HasRoom)
            RequestInput();
        return HasRoom || _isEndRead;
    }

    void IFlowOwner.HandleWritten() => RequestSend();

    // What comes from now on is thrown away, and makes closing a reset.
    void IFlowOwner.HandleInputCompleted()
    {
        if (_isReadable)
            RequestInput();
    }

    void IFlowOwner.HandleOutputCompleted(Exception? error)
    {
        _isOutputCompleted = true;
        if (error is not null)
            Abort();
        else
            RequestSend();
    }

    /// <summary>Ends the connection for both halves.</summary>
    public void Break(TcpError error, bool isReset)
    {
        if (_error is not null)
            return;

        _error = error;
        Close(isReset);
        _reader.HandleFailure(error);
        _writer.HandleFailure(error);
        _toSend.Clear();
    }

    private int Receive()
    {
        var memory = _received.GetMemory(1);
        var count = _world.Receive(_descriptor, memory.Span);
        _received.Advance(Math.Max(count, 0));
        if (count > 0)
        {
            // A call that fills less than it could has emptied the socket; only an end may lie behind it, which an edge
            // told.
            _isReadable = count == memory.Length || _hasPeerEnded;
            return count;
        }

        if (count == 0)
        {
            _isReadable = false;
            _isEndRead = true;
            _reader.HandleEnd();
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
        _toSend.Release(count);
        _writer.HandleRoom();
        _linger?.Arm(_world.Loop.NowNs + LingerNs);
    }

    // Everything that was flushed is with the kernel.
    private void Finish()
    {
        if (!_isOutputCompleted)
            return;
        if (_isDisposed)
        {
            _error = new TcpError.Closed();
            Close(isReset: false);
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
        if (_isInputRequested)
            _world.Loop.WithdrawInput(this);
        _isInputRequested = false;
        _watch.Dispose();
        _last = Info with { State = TcpState.Closed };
        if (isReset)
            KernelSocket.Reset(_descriptor);
        else
            _ = Libc.Close(_descriptor);
        _world.Forget(this);
    }
}
