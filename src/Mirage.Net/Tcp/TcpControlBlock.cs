using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The transmission control block of RFC 9293 section 3.3.1: the state of a connection, its parts, and what a
/// change of state entails for them.</summary>
/// <remarks>The parts are values in this one object, which they know each other by: a connection is few objects, and
/// what a segment touches lies together. A part is used where it is, never copied.</remarks>
internal sealed class TcpControlBlock
{
    public readonly TcpIdentity Identity;
    public TcpTimers Timers = new();
    public RttEstimator Rtt = new();
    public TcpTimestampState Timestamps;
    public TcpSackReport Sack;
    public TcpSegmentSize Size;
    public TcpSendSpace Space;
    public TcpRecovery Recovery;
    public TcpPacer Pacer;
    public TcpPersist Persist;
    public TcpEcn Ecn;
    public TcpSender Sender;
    public TcpReceiveBuffer Buffer;
    public TcpReceiveWindow Window;
    public TcpAcknowledger Acknowledger;
    public TcpReceiver Receiver;
    public TcpKeepAlive KeepAlive;
    public TcpUserTimeout UserTimeout;
    public TcpInspection Inspection;
    private uint _resetSequence;
    private uint _resetAcknowledgment;
    private TcpFlags _resetFlags; // None while no reset is due.
    private ChallengeAckLimiter? _challenges; // Once there was something to challenge.

    public TcpControlBlock(in TcpIdentity identity, TcpParameters parameters, ByteQueue send, ByteQueue receive)
    {
        (Identity, Parameters, Unread, Congestion) = (identity, parameters, receive, parameters.Congestion());
        Timestamps = new(identity.TimestampOffset);
        Size = new(this);
        Space = new(send);
        Recovery = new(this);
        Pacer = new(this);
        Persist = new(this);
        Ecn = new(parameters.AsksForEcn, parameters.AsksForAccurateEcn);
        Sender = new(this);
        Buffer = new(parameters);
        Window = new(this);
        Acknowledger = new(this);
        Receiver = new(this);
        KeepAlive = new(this);
        UserTimeout = new(this);
        Inspection = new(this);
    }

    public TcpParameters Parameters { get; }

    public TcpState State { get; private set; } = TcpState.Closed;

    public TcpError? Error { get; private set; }

    /// <summary>What happened and was not asked for yet.</summary>
    public TcpEvents Events { get; private set; }

    /// <summary>Whether this end opened the connection.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether a SYN is to be sent, for the first time or again.</summary>
    public bool IsSynDue { get; set; }

    /// <summary>Whether the application neither reads nor writes any more.</summary>
    public bool IsDetached { get; set; }

    /// <summary>Timeouts into a shut window since the application let go and the peer took something.</summary>
    public int ProbesDetached { get; set; }

    /// <summary>Whether a reset is to be sent before anything else.</summary>
    public bool IsResetDue => _resetFlags != TcpFlags.None;

    /// <summary>What a router or the peer's host said last, if it was no reason to give up: RFC 1122 section
    /// 4.2.3.9.</summary>
    public IcmpUnreachable? Complaint { get; set; }

    public CongestionControl Congestion { get; }

    /// <summary>What was received in order and not read.</summary>
    public ByteQueue Unread { get; }

    public TcpAckInput AckInput => new(this);

    public ChallengeAckLimiter Challenges => _challenges ??= new(Identity.Secret);

    /// <summary>Bytes that the peer has acknowledged in all.</summary>
    public long OctetsAcknowledged { get; set; }

    /// <summary>Whether both sequence spaces are known to both ends.</summary>
    public bool IsSynchronized => State > TcpState.SynReceived;

    /// <summary>Whether both FINs are out and the peer has all our data: a reset changes nothing for either
    /// end.</summary>
    public bool IsSettled =>
        State is TcpState.Closing or TcpState.LastAck && !Space.Unacknowledged.IsBefore(Space.DataEnd);

    public void Open(uint initialSequence, bool isActive)
    {
        Debug.Assert(State is TcpState.Closed && Error is null, "A connection is opened once.");
        IsActive = isActive;
        IsSynDue = true;
        Space.Start(initialSequence);
        Sender.Open();
        State = isActive ? TcpState.SynSent : TcpState.SynReceived;
    }

    /// <summary>The peer's SYN is in: takes its number, its options and its window.</summary>
    public void Negotiate(in TcpSegment syn, long nowNs)
    {
        var header = syn.Header;
        Receiver.Start(header.Sequence);
        Buffer.Start(Receiver.Next, nowNs);
        Size.Negotiate(header.Options);
        Ecn.Negotiate(syn);
        if (header.Options.WindowScale is { } shift)
        {
            // RFC 7323 section 2.2: windows are scaled when both ends have sent the option. This end always does.
            Space.WindowShift = Math.Min((int)shift, TcpLimits.WindowScaleMax);
            Window.Scale();
        }

        // This end's SYN has both of these, and its answer has them when the peer's SYN has.
        if (header.Options.Timestamps is { } timestamps)
            Timestamps.Start(timestamps.Value, Receiver.Next, nowNs);
        if (header.Options.SackPermitted)
            Sack.Start(Timestamps.IsOn);
        Recovery.IsSelective = Sack.IsOn;
        Space.SetWindow(header.Sequence, header.Acknowledgment, header.Window);
    }

    /// <summary>Both SYNs are out; the peer's came before ours was acknowledged.</summary>
    public void ReceiveSyn()
    {
        State = TcpState.SynReceived;
        IsSynDue = true;
    }

    /// <summary>Our SYN is acknowledged, and the peer's is in.</summary>
    public void Establish(uint acknowledgment, long nowNs)
    {
        var isSynLost = Recovery.Timeouts > 0;
        Space.Acknowledge(acknowledgment);
        Rtt.Finish(acknowledgment, nowNs);
        if (isSynLost)
            Rtt.OnSynLost();
        Congestion.SetSegmentSize(Size.Steady);
        Congestion.Start(isSynLost, (ushort)Identity.Secret); // So few bits of it that the rest stays one.
        Recovery.Timeouts = 0;
        Sender.Start(nowNs);
        Timers.Stop(TcpTimer.Retransmit);
        IsSynDue = false;
        Complaint = null;
        State = Space.IsFinQueued ? TcpState.FinWait1 : TcpState.Established;
        Events |= TcpEvents.Established;
        OnReceived(Receiver.Release(), nowNs);
    }

    /// <summary>Our FIN waits behind what is queued.</summary>
    public void QueueFin()
    {
        Space.QueueFin();
        State = State switch
        {
            TcpState.Established => TcpState.FinWait1,
            TcpState.CloseWait => TcpState.LastAck,
            _ => State, // SYN-RECEIVED: section 3.10.4 queues the FIN until the connection is established.
        };
    }

    /// <summary>Our FIN is acknowledged.</summary>
    public void OnFinAcknowledged(long nowNs)
    {
        switch (State)
        {
            case TcpState.FinWait1:
                State = TcpState.FinWait2;
                LimitFinWait2(nowNs);
                break;
            case TcpState.Closing:
                WaitOut(nowNs);
                break;
            case TcpState.LastAck:
                Close();
                break;
        }
    }

    /// <summary>The receiver took something: <paramref name="events"/> say what, and the peer's FIN changes the
    /// state.</summary>
    public void OnReceived(TcpEvents events, long nowNs)
    {
        Events |= events;
        if ((events & TcpEvents.EndOfStream) == 0)
            return;
        if (State is TcpState.Established)
            State = TcpState.CloseWait;
        else if (State is TcpState.FinWait2)
            WaitOut(nowNs);
        else if (State is TcpState.FinWait1)
            State = TcpState.Closing;
    }

    /// <summary>Everything that may be sent now was: what the peer owes an answer to is known.</summary>
    public void Watch(long nowNs)
    {
        if (State is TcpState.Closed or TcpState.TimeWait)
            return;
        UserTimeout.Watch(nowNs);
        if (IsSynchronized)
            KeepAlive.Watch(nowNs);
    }

    /// <summary>Reports what happened besides.</summary>
    public void Report(TcpEvents events) => Events |= events;

    public TcpEvents TakeEvents()
    {
        var events = Events;
        Events = TcpEvents.None;
        return events;
    }

    /// <summary>In FIN-WAIT-2 nothing else ends a connection whose peer is gone; when nobody reads, nobody
    /// minds.</summary>
    public void LimitFinWait2(long nowNs)
    {
        if (IsDetached && State is TcpState.FinWait2)
            Timers.Arm(TcpTimer.FinWait2, nowNs, TcpLimits.FinWait2Ns);
    }

    /// <summary>Enters TIME-WAIT, or starts its time anew.</summary>
    public void WaitOut(long nowNs)
    {
        State = TcpState.TimeWait;
        Timers.Clear();
        Timers.Arm(TcpTimer.TimeWait, nowNs, TcpLimits.TimeWaitNs);
        Stop();
    }

    /// <summary>The peer can be reached no longer, or does not want to be.</summary>
    public void Fail(TcpError error)
    {
        Error = error;
        Events |= TcpEvents.Failed;
        Close();
    }

    /// <summary>Resets the connection from this side, RFC 9293 section 3.10.5.</summary>
    public void SendReset() =>
        (_resetSequence, _resetAcknowledgment, _resetFlags) =
            (Space.EmptySequence, Receiver.Next, TcpFlags.Rst | TcpFlags.Ack);

    /// <summary>Answers a segment that is for a connection which is no more: RFC 9293 section 3.10.7.1.</summary>
    public void Refuse(in TcpSegment segment)
    {
        if (TcpReset.For(segment, out var reset))
            (_resetSequence, _resetAcknowledgment, _resetFlags) = (reset.Sequence, reset.Acknowledgment, reset.Flags);
    }

    /// <summary>The reset that is due, once.</summary>
    public TcpHeader TakeReset()
    {
        var (local, remote) = (Identity.Local.Port, Identity.Remote.Port);
        var reset = new TcpHeader(local, remote, _resetSequence, _resetAcknowledgment, _resetFlags, 0);
        _resetFlags = TcpFlags.None;
        return reset;
    }

    public void Close()
    {
        State = TcpState.Closed;
        Timers.Clear();
        Stop();
        Events |= TcpEvents.Closed;
    }

    private void Stop()
    {
        Recovery.Stop();
        Receiver.Stop();
        Buffer.Stop();
    }
}
