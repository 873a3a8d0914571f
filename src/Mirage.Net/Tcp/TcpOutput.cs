using System.Diagnostics;

namespace Mirage.Net;

/// <summary>Which segment goes out next, and its header.</summary>
internal readonly struct TcpOutput(TcpControlBlock block)
{
    /// <summary>The next segment. Calling it counts the segment as sent.</summary>
    public bool TryNext(long nowNs, out TcpTransmit transmit)
    {
        if (!TryChoose(nowNs, out transmit))
            return false;
        block.Inspection.OnSent(transmit);
        return true;
    }

    private bool TryChoose(long nowNs, out TcpTransmit transmit)
    {
        if (block.IsResetDue)
        {
            var reset = block.TakeReset();
            transmit = new(reset with { Options = ResetOptions(reset.Flags, nowNs) }, 0, 0, block.Size.Effective);
            return true;
        }

        if (block.IsSynDue)
            return SendSyn(nowNs, out transmit);
        if (block.Ecn.OwesHandshake && block.Acknowledger.Owed > 0 && MayAcknowledge)
        {
            transmit = Empty(nowNs); // RFC 9768 section 3.2.2.1: before any data.
            return true;
        }

        if (block.Sack.HasDuplicate && MayAcknowledge)
        {
            // RFC 2883 section 4: each duplicate is told of once. A device repeats the options of a segment with
            // payload in all that it cuts from it.
            transmit = Empty(nowNs);
            return true;
        }

        var unsent = block.Space.Next;
        if (HasText && block.Sender.TryNext(nowNs, out var piece))
        {
            var isNew = piece.Length > 0 && !piece.Sequence.IsBefore(unsent) && block.Space.Window > 0;
            var flags = TcpFlags.Ack | piece.Flags;
            transmit = Segment(piece.Sequence, flags, piece.Length, nowNs, isNew, piece.IsPathProbe);
            return true;
        }

        transmit = default;
        if (block.KeepAlive.IsDue)
        {
            block.KeepAlive.OnProbed();
            transmit = Segment(block.Space.Next.Plus(-1), TcpFlags.Ack, 0, nowNs); // RFC 9293 section 3.8.4.
            return true;
        }

        if (block.Acknowledger.Owed == 0 || !MayAcknowledge)
            return false;
        transmit = Empty(nowNs);
        return true;
    }

    private bool MayAcknowledge => block.State is not (TcpState.Closed or TcpState.SynSent);

    private bool HasText => block.State is TcpState.Established or TcpState.CloseWait or TcpState.FinWait1
        or TcpState.Closing or TcpState.LastAck;

    private bool SendSyn(long nowNs, out TcpTransmit transmit)
    {
        ref var space = ref block.Space;
        block.IsSynDue = false;
        if (space.InFlight == 0)
            block.Rtt.Start(space.Initial.Plus(1), nowNs);
        else
            block.Rtt.Cancel();
        space.OnSent(space.Initial.Plus(1));
        if (!block.Timers.IsArmed(TcpTimer.Retransmit))
            block.Timers.Arm(TcpTimer.Retransmit, nowNs, block.Rtt.RtoNs);

        var isAnswer = block.State is TcpState.SynReceived;
        var flags = isAnswer
            ? TcpFlags.Syn | TcpFlags.Ack | block.Ecn.Answer
            : TcpFlags.Syn | block.Ecn.Ask(block.Recovery.Timeouts);
        var header = Header(space.Initial, flags, block.Window.Unscaled);
        transmit = new(header with { Options = SynOptions(isAnswer, nowNs) }, 0, 0, block.Size.Effective);
        if (isAnswer)
            block.Acknowledger.OnSent(hasText: false, nowNs);
        return true;
    }

    // RFC 7323 sections 2.2 and 3.2, RFC 2018 section 2: an answer has an option only when the SYN had it.
    private TcpOptions SynOptions(bool isAnswer, long nowNs) => new()
    {
        MaximumSegmentSize = block.Size.Offered,
        WindowScale = !isAnswer || block.Window.IsScaled ? block.Window.ShiftOffered : null,
        SackPermitted = !isAnswer || block.Sack.IsOn,
        Timestamps = isAnswer ? block.Timestamps.Stamp(nowNs) : new(block.Timestamps.Clock(nowNs), 0),
        // RFC 9768 section 3.2.3.2.2: not again in what may have been lost on account of it.
        AccurateEcn = isAnswer && block.Ecn.Accurate is not null && block.Recovery.Timeouts == 0
            ? TcpAccurateEcnOption.Initial
            : null,
    };

    // RFC 7323 section 3.2: in a reset too, where it has something to echo.
    private TcpOptions ResetOptions(TcpFlags flags, long nowNs) =>
        (flags & TcpFlags.Ack) == 0 ? default : new() { Timestamps = block.Timestamps.Stamp(nowNs) };

    private TcpTransmit Empty(long nowNs) => Segment(block.Space.EmptySequence, TcpFlags.Ack, 0, nowNs);

    private TcpTransmit Segment(
        uint sequence, TcpFlags flags, int length, long nowNs, bool isNew = false, bool isPathProbe = false)
    {
        var next = block.Receiver.Next;
        var size = isPathProbe ? length : block.Size.Effective;
        // RFC 2018 section 4: in every acknowledgment while something is held beyond a hole.
        var sack = length == 0 ? block.Sack.TakeAll() : block.Sack.Held();
        var isPure = flags == TcpFlags.Ack && length == 0 && sack.Count == 0;
        flags |= block.Ecn.FlagsFor(isNew, isPure, block.Congestion.Reductions);
        var header = Header(sequence, flags, block.Window.Offer(next)) with
        {
            Options = new()
            {
                Timestamps = block.Timestamps.Stamp(nowNs),
                AccurateEcn = isPure ? block.Ecn.Accurate?.TakeOption() : null,
                Sack = sack,
            },
        };
        var isWhole = header.Options.Size + size == block.Size.Maximum;
        Debug.Assert(length == 0 || isPathProbe || isWhole, "Options shorten the payload.");
        block.Acknowledger.OnSent(length > 0, nowNs);
        block.Timestamps.OnSent(next);
        return new(header, length == 0 ? 0 : block.Space.OffsetOf(sequence), length, size)
        {
            Ecn = block.Ecn.FieldFor(isNew),
        };
    }

    private TcpHeader Header(uint sequence, TcpFlags flags, ushort window)
    {
        var acknowledgment = (flags & TcpFlags.Ack) != 0 ? block.Receiver.Next : 0;
        return new(block.Identity.Local.Port, block.Identity.Remote.Port, sequence, acknowledgment, flags, window);
    }
}
