namespace Mirage.Net;

/// <summary>What a segment does to a connection: RFC 9293 section 3.10.7 in its order, with the checks of RFC
/// 5961.</summary>
internal readonly struct TcpArrival(TcpControlBlock block)
{
    public void Handle(in TcpSegment segment, long nowNs)
    {
        block.Inspection.OnArrived();
        switch (block.State)
        {
            case TcpState.Closed:
                return; // The connection is about to be forgotten; what comes after that is answered without one.
            case TcpState.SynSent:
                HandleInSynSent(segment, nowNs);
                return;
            case TcpState.SynReceived when IsSynOfPeer(segment):
                HandleRepeatedSyn(segment, nowNs);
                return;
            default:
                HandleSynchronized(segment, nowNs);
                return;
        }
    }

    // Section 3.10.7.3.
    private void HandleInSynSent(in TcpSegment segment, long nowNs)
    {
        ref var space = ref block.Space;
        var acknowledgment = segment.Header.Acknowledgment;
        var isAcknowledged = segment.Has(TcpFlags.Ack);
        if (isAcknowledged && (acknowledgment.IsUpTo(space.Initial) || acknowledgment.IsAfter(space.Next)))
        {
            block.Refuse(segment); // First: it is for a connection that is no more.
            return;
        }

        if (segment.Has(TcpFlags.Rst))
        {
            if (isAcknowledged) // Second: RFC 5961 section 3.2 says the same of this state.
                block.Fail(new TcpError.Refused(block.Identity.Remote));
            return;
        }

        if (!segment.Has(TcpFlags.Syn))
            return; // Fifth.
        block.Negotiate(segment, nowNs); // Fourth.
        block.Receiver.Hold(segment);
        if (!isAcknowledged)
        {
            block.ReceiveSyn(); // Both ends have opened at once: figure 7.
            return;
        }

        block.Acknowledger.OweNow();
        block.Establish(acknowledgment, nowNs);
    }

    private bool IsSynOfPeer(in TcpSegment segment) =>
        segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Rst) && segment.Header.Sequence == block.Receiver.Initial;

    // The SYN that is in already. With ACK it completes a simultaneous open; alone it says that our answer was lost.
    private void HandleRepeatedSyn(in TcpSegment segment, long nowNs)
    {
        if (!segment.Has(TcpFlags.Ack))
        {
            block.IsSynDue = true;
            block.Ecn.Renew(segment.Ecn);
            EchoLater(segment, nowNs);
            return;
        }

        var header = segment.Header;
        // Beside SYN the window is not scaled, RFC 7323 section 2.2, and the flags do not count, RFC 9768 section
        // 3.2.2.
        var count = block.Ecn.Accurate is null ? TcpFlags.None : TcpAceField.Write(TcpAccurateEcn.Initial);
        header = header with
        {
            Sequence = header.Sequence.Plus(1),
            Flags = (header.Flags & ~(TcpFlags.Syn | TcpAceField.Flags)) | count,
            Window = (ushort)(header.Window >> block.Space.WindowShift),
        };
        HandleSynchronized(new(header, segment.Payload) { Ecn = segment.Ecn, MergedSize = segment.MergedSize }, nowNs);
        if (block.IsSynchronized)
            // What completes our handshake completes the peer's only with an acknowledgment of it.
            block.Acknowledger.OweNow();
    }

    // Section 3.10.7.4.
    private void HandleSynchronized(in TcpSegment segment, long nowNs)
    {
        if (block.Timestamps.IsOn && !segment.Has(TcpFlags.Rst) && !IsTimely(segment, nowNs))
            return;
        if (!block.Receiver.IsAcceptable(segment))
            HandleUnacceptable(segment, nowNs); // First.
        else if (segment.Has(TcpFlags.Rst))
            HandleReset(segment, nowNs); // Second.
        else if (segment.Has(TcpFlags.Syn))
            Challenge(nowNs); // Fourth: RFC 5961 section 4.2.
        else if (segment.Has(TcpFlags.Ack) && HandleAcknowledgment(segment, nowNs)) // Fifth.
            HandleText(segment, nowNs); // Sixth, the urgent pointer, is passed over: RFC 6093 section 3.
    }

    // RFC 7323 section 5.3. A reset is exempt: its sender may have forgotten the connection and its clock.
    private bool IsTimely(in TcpSegment segment, long nowNs)
    {
        if (segment.Header.Options.Timestamps is not { } timestamps)
        {
            block.Timestamps.Missing++; // Section 3.2: dropped in silence.
            return false;
        }

        if (!block.Timestamps.IsOld(timestamps.Value, nowNs))
            return true;
        block.Timestamps.Rejected++;
        if (block.Parameters.Tally is { } tally)
            tally.PAWSEstab++;
        HandleUnacceptable(segment, nowNs); // R1: answered like what is outside of the window.
        return false;
    }

    private void EchoLater(in TcpSegment segment, long nowNs)
    {
        if (block.Timestamps.IsOn && segment.Header.Options.Timestamps is { } timestamps)
            block.Timestamps.OnAccepted(segment.Header.Sequence, timestamps.Value, nowNs);
    }

    private void HandleUnacceptable(in TcpSegment segment, long nowNs)
    {
        if (segment.Has(TcpFlags.Rst))
            return;
        block.Receiver.OnUnacceptable(segment);
        var end = segment.Header.Sequence.Plus(segment.SequenceLength);
        var isFin = segment.Has(TcpFlags.Fin) && !segment.Has(TcpFlags.Syn);
        if (block.State is TcpState.TimeWait && isFin && end == block.Receiver.Next)
            block.WaitOut(nowNs); // Our last acknowledgment was lost.

        // What takes numbers is sent again until it is acknowledged, and must be answered. What does not could be the
        // answer to an answer: the limit ends a storm between two stacks that disagree.
        if (segment.SequenceLength == 0 || segment.Has(TcpFlags.Syn))
            Challenge(nowNs);
        else
            block.Acknowledger.OweNow();
        if (block.IsActive && block.Acknowledger.Owed > 0 && IsSynOfPeer(segment) && segment.Has(TcpFlags.Ack))
            block.Ecn.OnRepeatedAnswer(segment);
    }

    private void HandleReset(in TcpSegment segment, long nowNs)
    {
        if (block.State is TcpState.TimeWait)
            return; // RFC 1337 section 3, fix 1.
        if (segment.Header.Sequence != block.Receiver.Next)
        {
            // RFC 5961 section 3.2: by the number of the segment alone, however far its text reaches.
            if (block.Receiver.IsInWindow(segment.Header.Sequence))
                Challenge(nowNs);
            return;
        }

        if (block.IsSettled)
            block.Close(); // The peer has everything.
        else if (block.State is TcpState.SynReceived && block.IsActive)
            block.Fail(new TcpError.Refused(block.Identity.Remote));
        else
            block.Fail(new TcpError.Reset(block.Identity.Remote));
    }

    private bool HandleAcknowledgment(in TcpSegment segment, long nowNs)
    {
        ref var space = ref block.Space;
        var acknowledgment = segment.Header.Acknowledgment;
        if (block.State is TcpState.SynReceived)
        {
            if (acknowledgment.IsUpTo(space.Unacknowledged) || acknowledgment.IsAfter(space.Next))
            {
                block.Refuse(segment);
                return false;
            }

            EchoLater(segment, nowNs);
            block.Ecn.Accurate?.OnHandshake(segment);
            space.SetWindow(segment.Header.Sequence, acknowledgment, segment.Header.Window << space.WindowShift);
            block.Establish(acknowledgment, nowNs);
            return true;
        }

        if (!block.AckInput.IsPlausible(acknowledgment))
        {
            Challenge(nowNs); // RFC 5961 section 5.2.
            return false;
        }

        EchoLater(segment, nowNs);
        var before = space.Unacknowledged;
        block.KeepAlive.OnReceived(nowNs);
        var events = block.AckInput.Handle(segment, nowNs);
        block.OctetsAcknowledged += before.DistanceTo(SequenceNumber.Earlier(space.Unacknowledged, space.DataEnd));
        if (block.Ecn.TakeEcho(segment))
            block.Recovery.OnCongestionEcho(nowNs);
        if ((events & TcpEvents.Writable) != 0)
            block.ProbesDetached = 0;
        block.Report(events);
        block.Complaint = null;
        if (space.IsFinAcknowledged)
            block.OnFinAcknowledged(nowNs);
        return block.State is not TcpState.Closed;
    }

    // Seventh and eighth.
    private void HandleText(in TcpSegment segment, long nowNs)
    {
        if (block.Ecn.OnArrival(segment))
            block.Acknowledger.OweNow();
        if (block.State is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2))
            return; // The peer's FIN is in: nothing can follow.
        if (block.IsDetached && segment.Header.Sequence.Plus(segment.Payload.Length).IsAfter(block.Receiver.Next))
        {
            // RFC 9293 section 3.6.1, RFC 2525 section 2.17: nobody will read it, and the peer is to know.
            block.SendReset();
            block.Close();
            return;
        }

        block.OnReceived(block.Receiver.Accept(segment, nowNs), nowNs);
        if (!segment.Payload.IsEmpty)
            MeasureTrip(segment, nowNs);
    }

    // The round trip as the receiver sees it: from an acknowledgment to what it has let the peer send.
    private void MeasureTrip(in TcpSegment segment, long nowNs)
    {
        if (!block.Timestamps.IsOn)
            block.Buffer.OnArrival(block.Receiver.Next, block.Window.Edge, nowNs);
        else if (segment.Header.Options.Timestamps is { } timestamps)
            block.Buffer.OnEcho(block.Timestamps.Since(timestamps.Echo, nowNs));
    }

    private void Challenge(long nowNs)
    {
        if (block.Challenges.Allow(nowNs))
            block.Acknowledger.OweNow();
    }
}
