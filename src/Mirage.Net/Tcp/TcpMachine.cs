namespace Mirage.Net;

/// <summary>One connection, RFC 9293, without I/O: segments, commands and time come in as arguments; work comes out of
/// TryPoll*.</summary>
/// <remarks>Not thread-safe. After each Handle*, or after a batch of them, drain <see cref="TryPollTransmit"/> first
/// and then <see cref="TryPollEvents"/>, and re-arm a timer at <see cref="NextTimeoutNs"/>: a reset is still to be
/// polled when the state is CLOSED already. The send queue holds what is not acknowledged: the machine releases it, the
/// application appends to it and does not do so after <see cref="HandleClose"/>. The receive queue holds what is in
/// order and not read: the machine appends, the application releases. Bytes beyond a hole are held in blocks of the
/// receive queue's pool until the state is CLOSED.</remarks>
internal readonly struct TcpMachine
{
    private readonly TcpControlBlock _block;

    public TcpMachine(in TcpIdentity identity, TcpParameters parameters, ByteQueue send, ByteQueue receive) =>
        _block = new(identity, parameters, send, receive);

    public TcpState State => _block.State;

    /// <summary>Why the connection broke; null while it has not.</summary>
    public TcpError? Error => _block.Error;

    /// <summary>When <see cref="HandleTimeout"/> is due next; null while nothing waits for time.</summary>
    public long? NextTimeoutNs => _block.Timers.NextNs;

    /// <summary>How the connection is.</summary>
    public TcpInfo Info => _block.Inspection.Info;

    /// <summary>The parts, for counters and tests.</summary>
    internal TcpControlBlock Block => _block;

    private TcpOutput Output => new(_block);

    /// <summary>Active open: sends a SYN numbered <paramref name="initialSequence"/>.</summary>
    public void HandleOpen(uint initialSequence, long nowNs) => _block.Open(initialSequence, isActive: true);

    /// <summary>Passive open by <paramref name="syn"/>, of which <see cref="TcpListen.Judge"/> said
    /// <see cref="TcpListenAnswer.Open"/>: answers with SYN and ACK.</summary>
    public void HandleSyn(in TcpSegment syn, uint initialSequence, long nowNs)
    {
        _block.Open(initialSequence, isActive: false);
        _block.Negotiate(syn, nowNs);
        _block.Receiver.Hold(syn);
    }

    /// <summary>Passive open by <paramref name="syn"/>, which was answered in this machine's name.</summary>
    public void HandleOpening(in TcpSegment syn, in TcpOpening opening, long nowNs)
    {
        HandleSyn(syn, opening.Initial, opening.SentNs ?? nowNs);
        if (opening.Syn.IsEcnWithdrawn)
            _block.Ecn.Withdraw();
        Output.TryNext(opening.SentNs ?? nowNs, out _); // It is on its way already.
        _block.Recovery.Timeouts = opening.Timeouts;
        if (opening.SentNs is null)
            _block.Rtt.Cancel(); // RFC 6298 section 3: it is not known which one is acknowledged.
    }

    /// <summary>No more than <paramref name="bytes"/> are offered from now on, or more again.</summary>
    public void HandleCap(int bytes) => _block.Window.Cap = bytes;

    /// <summary>Memory is short: gives up what arrived beyond a hole. RFC 2018 section 8 allows it.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool HandlePrune()
    {
        if (_block.Receiver.IsWhole || !_block.IsSynchronized)
            return false;
        _block.Receiver.Reassembly.Clear();
        _block.Sack.Clear(); // What is not kept is not reported.
        return true;
    }

    /// <summary>A segment of this connection, its checksum verified.</summary>
    public void HandleSegment(in TcpSegment segment, long nowNs) => new TcpArrival(_block).Handle(segment, nowNs);

    /// <summary>In TIME-WAIT, all that is still needed of the connection.</summary>
    public TcpResidue Residue
    {
        get
        {
            var next = _block.Receiver.Next;
            var window = _block.Window.Offer(next);
            return new(
                _block.Space.Next, next, _block.Window.Size(next), window, _block.Space.OldestAcknowledgment,
                _block.Timestamps.IsOn ? _block.Timestamps.Recent : null);
        }
    }

    /// <summary>An ICMP error about a segment of this connection that began at <paramref name="sequence"/>.</summary>
    public void HandleUnreachable(in IcmpQuotation quotation, uint sequence, long nowNs)
    {
        ref var space = ref _block.Space;
        var isInFlight = !sequence.IsBefore(space.Unacknowledged) && sequence.IsBefore(space.Next);
        if (State is TcpState.Closed or TcpState.TimeWait || !isInFlight)
            return; // RFC 5927 section 4.1: whoever forges it does not know what is in flight.
        if (quotation.Reason is IcmpUnreachable.FragmentationNeeded)
            Shorten(quotation.NextHopMtu, nowNs);
        else if (State is TcpState.SynSent && IsHard(quotation.Reason))
            _block.Fail(new TcpError.Unreachable(_block.Identity.Remote, quotation.Reason));
        else
            // RFC 5927 section 5.2: an established connection is not given up for it.
            _block.Complaint = quotation.Reason;
    }

    /// <summary>Time has come to <see cref="NextTimeoutNs"/>.</summary>
    public void HandleTimeout(long nowNs) => new TcpExpiry(_block).Handle(nowNs);

    /// <summary>The application appended to the send queue. <paramref name="push"/> ends a write: without it, what is
    /// less than a segment waits for more, RFC 9293 section 3.9.1.2.</summary>
    public void HandleSend(bool push, long nowNs)
    {
        if (push)
            _block.Sender.Push();
    }

    /// <summary>The application released from the receive queue: the window may open.</summary>
    public void HandleRead(long nowNs)
    {
        if (State is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2))
            return;
        _block.Buffer.OnRead(_block.Receiver.Next.Plus(-_block.Unread.Length), nowNs);
        if (_block.Window.IsNewsworthy(_block.Receiver.Next))
            _block.Acknowledger.OweNow();
    }

    /// <summary>The application waits for more behind what is in the receive queue.</summary>
    /// <returns>Whether the queue takes more.</returns>
    public bool HandleDemand()
    {
        if (State is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2))
            return true; // Nothing comes but the end, and that takes no room.
        var next = _block.Receiver.Next;
        if (!_block.Window.IsOpen(next))
            _block.Buffer.Double();
        if (_block.Window.IsNewsworthy(next))
            _block.Acknowledger.OweNow();
        return _block.Window.IsOpen(next);
    }

    /// <summary>The application sends no more: FIN after what is queued. Before the peer has answered a SYN, the end of
    /// the connection.</summary>
    public void HandleClose(long nowNs)
    {
        if (State is TcpState.SynSent)
            _block.Fail(new TcpError.Closed()); // RFC 9293 section 3.10.4.
        else if (State is not TcpState.Closed && !_block.Space.IsFinQueued)
            _block.QueueFin();
    }

    /// <summary>The application neither sends nor reads any more: what <see cref="HandleClose"/> does; or a reset when
    /// bytes are left unread or arrive later, RFC 9293 section 3.6.1. FIN-WAIT-2 has a limit from now on.</summary>
    public void HandleDetach(long nowNs)
    {
        if (State is TcpState.Closed || _block.IsDetached)
            return;
        if (_block.Unread.Length > 0)
        {
            HandleAbort(nowNs);
            return;
        }

        _block.IsDetached = true;
        HandleClose(nowNs);
        _block.LimitFinWait2(nowNs);
    }

    /// <summary>The application gives the connection up: RST. It is also how a connection is closed whose receive queue
    /// has bytes that nobody will read: RFC 9293 section 3.6.1, RFC 2525 section 2.17.</summary>
    public void HandleAbort(long nowNs)
    {
        if (State is TcpState.Closed)
            return;

        // RFC 9293 section 3.10.5: no reset before the peer knows of the connection, nor when it has all there is.
        if (State is not (TcpState.SynSent or TcpState.TimeWait) && !_block.IsSettled)
            _block.SendReset();
        _block.Fail(new TcpError.Closed());
    }

    /// <summary>The next segment to send, if one may be sent now. Calling it counts the segment as sent.</summary>
    public bool TryPollTransmit(long nowNs, out TcpTransmit transmit)
    {
        if (Output.TryNext(nowNs, out transmit))
            return true;
        _block.Watch(nowNs);
        return false;
    }

    /// <summary>What happened since the last call, if anything did.</summary>
    public bool TryPollEvents(out TcpEvents events)
    {
        events = _block.TakeEvents();
        return events is not TcpEvents.None;
    }

    // RFC 1191 section 6.4 and RFC 5927 section 7: the number was checked, the size has a floor, and what was lost to
    // it goes again.
    private void Shorten(int mtu, long nowNs)
    {
        if (!_block.Size.TryLower(mtu) || !_block.IsSynchronized)
            return;
        _block.Congestion.SetSegmentSize(_block.Size.Steady);
        _block.Recovery.MarkLost(nowNs);
    }

    // RFC 1122 section 4.2.3.9.
    private static bool IsHard(IcmpUnreachable reason) =>
        reason is IcmpUnreachable.Protocol or IcmpUnreachable.Port or IcmpUnreachable.Prohibited;
}
