namespace Mirage.Net;

/// <summary>Which segment goes out next, and its header.</summary>
internal sealed class TcpOutput(TcpControlBlock block)
{
    /// <summary>The next segment. Calling it counts the segment as sent.</summary>
    public bool TryNext(long nowNs, out TcpTransmit transmit)
    {
        if (block.Reset is { } reset)
        {
            block.Reset = null;
            transmit = new(reset, 0, 0, block.Size.Effective);
            return true;
        }

        if (block.IsSynDue)
            return SendSyn(nowNs, out transmit);
        if (HasText && block.Sender.TryNext(nowNs, out var piece))
        {
            transmit = Segment(piece.Sequence, TcpFlags.Ack | piece.Flags, piece.Length);
            return true;
        }

        transmit = default;
        if (block.KeepAlive.IsDue)
        {
            block.KeepAlive.OnProbed();
            transmit = Segment(block.Space.Next.Plus(-1), TcpFlags.Ack, 0); // RFC 9293 section 3.8.4.
            return true;
        }

        if (block.Acknowledger.Owed == 0 || block.State is TcpState.Closed or TcpState.SynSent)
            return false;
        transmit = Segment(block.Space.EmptySequence, TcpFlags.Ack, 0);
        return true;
    }

    private bool HasText => block.State is TcpState.Established or TcpState.CloseWait or TcpState.FinWait1
        or TcpState.Closing or TcpState.LastAck;

    private bool SendSyn(long nowNs, out TcpTransmit transmit)
    {
        var space = block.Space;
        block.IsSynDue = false;
        if (space.InFlight == 0)
            block.Rtt.Start(space.Initial.Plus(1), nowNs);
        else
            block.Rtt.Cancel();
        space.OnSent(space.Initial.Plus(1));
        if (!block.Timers.IsArmed(TcpTimer.Retransmit))
            block.Timers.Arm(TcpTimer.Retransmit, nowNs, block.Rtt.RtoNs);

        var isAnswer = block.State is TcpState.SynReceived;
        var flags = isAnswer ? TcpFlags.Syn | TcpFlags.Ack : TcpFlags.Syn;
        var header = Header(space.Initial, flags, block.Window.Unscaled);
        transmit = new(header with { Options = SynOptions(isAnswer) }, 0, 0, block.Size.Effective);
        if (isAnswer)
            block.Acknowledger.OnSent();
        return true;
    }

    // RFC 7323 section 2.2: an answer has the scale only when the SYN had it.
    private TcpOptions SynOptions(bool isAnswer) => new()
    {
        MaximumSegmentSize = block.Size.Offered,
        WindowScale = !isAnswer || block.Window.IsScaled ? block.Window.ShiftOffered : null,
    };

    private TcpTransmit Segment(uint sequence, TcpFlags flags, int length)
    {
        var header = Header(sequence, flags, block.Window.Offer(block.Receiver.Next));
        block.Acknowledger.OnSent();
        return new(header, length == 0 ? 0 : block.Space.OffsetOf(sequence), length, block.Size.Effective);
    }

    private TcpHeader Header(uint sequence, TcpFlags flags, ushort window)
    {
        var acknowledgment = (flags & TcpFlags.Ack) != 0 ? block.Receiver.Next : 0;
        return new(block.Parameters.Local.Port, block.Parameters.Remote.Port, sequence, acknowledgment, flags, window);
    }
}
