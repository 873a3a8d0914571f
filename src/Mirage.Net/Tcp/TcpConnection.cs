namespace Mirage.Net;

/// <summary>
/// What belongs to one connection: its machine, its queues and its timer. Once it is established, it is the
/// application's flow.
/// </summary>
/// <remarks>Effects, no decision: what happens is passed to the machine, what the machine reports is passed to whoever
/// waits.
/// Segments are sent by the engine at the end of an iteration, so that one acknowledgment answers a batch.</remarks>
internal sealed class TcpConnection : TcpFlow, IFlowOwner
{
    private readonly TcpEngine _engine;
    private readonly TcpMachine _machine;
    private readonly LoopTimer _timer;
    private LoopWait? _opening; // Of the application that has begun the connection.
    private TcpLinger? _linger;
    private TcpError? _error;
    private bool _isDetached;
    private bool _isRetired;

    public TcpConnection(TcpEngine engine, in TcpIdentity identity, TcpParameters parameters, TcpListener? listener)
    {
        (_engine, Listener) = (engine, listener);
        Send = new(engine.Pool);
        _machine = new(identity, parameters, Send, receive: new(engine.Pool));
        _timer = engine.Loop.CreateTimer(static self => ((TcpConnection)self!).HandleTimer(), this);
    }

    public TcpFlowKey Key => _machine.Block.Identity.Key;

    public TcpParameters Parameters => _machine.Block.Parameters;

    public ByteQueue Send { get; }

    public ByteQueue Receive => _machine.Block.Unread;

    /// <summary>
    /// Who waits for this connection to be established; null when the application began it or has it.
    /// </summary>
    public TcpListener? Listener { get; private set; }

    /// <summary>Its place among those that only deliver what was written; null while it is not one.</summary>
    public LinkedListNode<TcpConnection>? Orphan { get; set; }

    /// <summary>Whether the engine will look for segments to send at the end of the iteration.</summary>
    public bool IsDirty { get; set; }

    /// <summary>
    /// Whether the application has let go of the connection and the peer does not have everything yet.
    /// </summary>
    public bool IsDelivering => _isDetached
        && _machine.State is TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck or TcpState.SynReceived;

    public override Endpoint Local => _machine.Block.Identity.Local;

    public override Endpoint Remote => _machine.Block.Identity.Remote;

    public override TcpInfo Info => _machine.Info;

    private long NowNs => _engine.Loop.CoarseNs;

    public void Open(uint initialSequence)
    {
        _machine.HandleOpen(initialSequence, NowNs);
        _engine.Touch(this);
    }

    /// <summary>The peer has completed a handshake by <paramref name="segment"/>.</summary>
    public void Adopt(in TcpOpening opening, in TcpSegment segment)
    {
        _machine.HandleCap(TcpLimits.TightWindow);
        _machine.HandleOpening(opening.Syn.ToSegment(Key), opening, NowNs);
        HandleSegment(segment);
    }

    /// <summary>Waits until the connection is established or has failed.</summary>
    public async ValueTask<TcpError?> Opened(CancellationToken cancellation)
    {
        if (!IsFlow && _error is null)
            await (_opening = new LoopWait(_engine.Loop)).WaitAsync(cancellation);
        _opening = null;
        return !IsFlow ? _error ?? new TcpError.Closed() : null;
    }

    public void HandleSegment(in TcpSegment segment)
    {
        _machine.HandleSegment(segment, NowNs);
        Continue();
    }

    public void Unreachable(in IcmpQuotation quotation, uint sequence)
    {
        _machine.HandleUnreachable(quotation, sequence, NowNs);
        Continue();
    }

    public bool TryPollTransmit(out TcpTransmit transmit)
    {
        transmit = default;
        return !_isRetired && _machine.TryPollTransmit(NowNs, out transmit);
    }

    /// <summary>Everything that may be sent now was: reports what came of it and sets the timer.</summary>
    public void Settle()
    {
        Report();
        if (!IsDelivering)
            _linger?.End();
        if (_isRetired)
            return; // Only its reader is left.
        if (_machine.State is TcpState.TimeWait)
        {
            _engine.HandleTimeWait(this, _machine.Residue);
            return;
        }

        if (_machine.State is TcpState.Closed || _machine.NextTimeoutNs is not { } dueNs)
            _timer.Disarm();
        else if (!_timer.IsArmed || dueNs < _timer.DueNs)
            // One that is armed earlier only looks again: acknowledgments move the time at every batch.
            _timer.Arm(dueNs);
    }

    /// <summary>The application takes the connection from the listener.</summary>
    public void Accept()
    {
        Listener = null;
        _machine.HandleCap(int.MaxValue);
    }

    /// <summary>Gives up what the peer will send again; false when there is nothing.</summary>
    public bool TryPrune() => _machine.HandlePrune();

    public override void Abort()
    {
        Fail(new TcpError.Closed());
        _machine.HandleAbort(NowNs);
        Continue();
    }

    /// <summary>The application disposes its flow.</summary>
    public void Detach()
    {
        if (_isDetached || Reader is null)
            return;
        _isDetached = true;
        Writer!.Complete();
        if (Reader.HasDiscarded)
            _machine.HandleAbort(NowNs); // RFC 9293 section 3.6.1: bytes that nobody reads make it a reset.
        else
            _machine.HandleDetach(NowNs);
        Fail(new TcpError.Closed());
        Reader.Complete();
        _engine.Release(this);
        if (IsDelivering)
            _engine.Memory.HandleOrphan(this);
        Continue();
    }

    public override ValueTask DisposeAsync()
    {
        if (Parameters.Linger == TimeSpan.Zero)
            Abort();
        Detach();
        return Linger();
    }

    /// <summary>Waits, as long as the application has asked for, until the peer has everything; then resets.</summary>
    private ValueTask Linger()
    {
        if (_linger is not null || Parameters.Linger is not { } time || time <= TimeSpan.Zero || !IsDelivering)
            return ValueTask.CompletedTask;
        _linger = new TcpLinger(_engine.Loop, this);
        return _linger.Wait(time);
    }

    /// <summary>
    /// Gives back everything at once: the stack is being disconnected, or a new connection takes the place of this one.
    /// </summary>
    public void Retire()
    {
        _isRetired = true;
        _timer.Disarm();
        _linger?.End();
        _error ??= new TcpError.Closed();
        _opening?.Wake();
        Listener = null;
        if (_machine.State is TcpState.TimeWait && IsFlow && !_isDetached)
            return; // The application may still read what came before.
        Break(_error);
        Send.Advance(0); // Memory that a writer holds is no part of the queue yet.
        Send.Clear();
        Receive.Clear();
    }

    void IFlowOwner.HandleRead()
    {
        _machine.HandleRead(NowNs);
        _engine.Touch(this);
    }

    bool IFlowOwner.HandleDemand()
    {
        _engine.Touch(this);
        return _machine.HandleDemand();
    }

    void IFlowOwner.HandleWritten()
    {
        _machine.HandleSend(push: true, NowNs);
        _engine.Touch(this);
    }

    void IFlowOwner.HandleInputCompleted()
    {
        _machine.HandleRead(NowNs);
        _engine.Touch(this);
    }

    void IFlowOwner.HandleOutputCompleted(Exception? error)
    {
        if (error is not null)
        {
            Abort();
            return;
        }

        _machine.HandleClose(NowNs);
        Continue();
    }

    private void HandleTimer()
    {
        if (_machine.NextTimeoutNs is { } dueNs && dueNs <= NowNs)
            _machine.HandleTimeout(NowNs);
        Continue();
    }

    private void Continue()
    {
        Report();
        _engine.Touch(this);
    }

    private void Report()
    {
        if (!_machine.TryPollEvents(out var events))
            return;
        if ((events & TcpEvents.Established) != 0)
            HandleEstablished();
        if ((events & TcpEvents.Readable) != 0)
            Reader?.HandleArrival();
        if ((events & TcpEvents.Writable) != 0)
            HandleRoom();
        if ((events & TcpEvents.EndOfStream) != 0)
            Reader?.HandleEnd();
        if ((events & TcpEvents.Failed) != 0)
            Fail(_machine.Error!);
        if ((events & TcpEvents.Closed) != 0)
            HandleClosed();
    }

    private void HandleRoom()
    {
        Writer?.Fit(_machine.Block.Recovery.SpanBytes, _engine.Memory.SendShare);
        Writer?.HandleRoom();
    }

    private void HandleEstablished()
    {
        Establish(
            new FlowReader(_engine.Loop, Receive, this),
            new FlowWriter(_engine.Loop, Send, this, Parameters.SendBuffer));
        _engine.Keep(this);
        if (Listener is not null)
            Listener.HandleEstablished(this);
        else
            _opening?.Wake();
    }

    private void Fail(TcpError error)
    {
        _error ??= error;
        Break(error);
        _opening?.Wake();
    }

    private void HandleClosed()
    {
        _engine.Forget(this);
        _timer.Disarm();
        Send.Clear();
        if (!IsFlow)
            Receive.Clear();
        if (_error is not null)
            _engine.Release(this); // Nothing can be read any more: a flow that is not disposed is garbage.
    }
}
