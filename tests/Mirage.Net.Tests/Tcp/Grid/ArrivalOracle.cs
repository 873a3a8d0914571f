namespace Mirage.Net.Tests;

/// <summary>SEGMENT ARRIVES as it is written: RFC 9293 section 3.10.7 with what RFC 5961, RFC 1337 and RFC 6093 put in
/// place of its parts, sentence by sentence. It knows nothing of the code that it judges.</summary>
internal static class ArrivalOracle
{
    // Section 3.10.7.1.
    public static GridReply InClosed(GridSegment segment)
    {
        if (segment.Has(TcpFlags.Rst))
            return GridReply.None;
        return segment.Has(TcpFlags.Ack) ? GridReply.Reset : GridReply.ResetAck;
    }

    // Section 3.10.7.2. A SYN with FIN asks for nothing that an honest peer would want, and opens nothing here.
    public static (GridReply Reply, bool IsOpened) InListen(GridSegment segment)
    {
        if (segment.Has(TcpFlags.Rst))
            return (GridReply.None, false); // First.
        if (segment.Has(TcpFlags.Ack))
            return (GridReply.Reset, false); // Second.
        return (GridReply.None, segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Fin)); // Third, fourth.
    }

    // Section 3.10.7.3.
    public static GridOutcome InSynSent(GridConnection connection, GridSegment segment)
    {
        var isAcknowledged = segment.Has(TcpFlags.Ack);
        if (isAcknowledged && segment.Ack != 1) // First: ISS is SND.UNA, and the SYN alone is in flight.
            return new(segment.Has(TcpFlags.Rst) ? GridReply.None : GridReply.Reset, TcpState.SynSent);
        if (segment.Has(TcpFlags.Rst)) // Second.
            return new(GridReply.None, isAcknowledged ? TcpState.Closed : TcpState.SynSent);
        if (!segment.Has(TcpFlags.Syn)) // Fifth.
            return new(GridReply.None, TcpState.SynSent);
        if (!isAcknowledged) // Fourth; text waits for the handshake.
            return new(GridReply.SynAck, TcpState.SynReceived);
        var text = Math.Min(segment.Text, connection.Window);
        var isFin = segment.Has(TcpFlags.Fin) && text == segment.Text;
        return new(GridReply.Ack, isFin ? TcpState.CloseWait : TcpState.Established, text, isFin);
    }

    /// <summary>Section 3.10.7.4.</summary>
    public static GridOutcome InOthers(GridConnection connection, GridSegment segment)
    {
        var state = connection.State;
        if (segment.Has(TcpFlags.Rst))
            return OfReset(connection, segment);
        if (state is TcpState.SynReceived && segment.Has(TcpFlags.Syn) && segment.Seq == -1)
        {
            // The SYN that is in already, cut off as the section's last note has it: an acknowledgment with it
            // completes what both ends began (figure 7), and one without it says that our answer was lost.
            if (!segment.Has(TcpFlags.Ack))
                return new(GridReply.SynAck, state);
            var cut = segment with { Seq = 0, Flags = segment.Flags & ~TcpFlags.Syn };
            var outcome = InOthers(connection, cut);
            return outcome.Reply is GridReply.Reset ? outcome : outcome with { Reply = GridReply.Ack };
        }

        if (!IsAcceptable(connection, segment) || segment.Has(TcpFlags.Syn)) // First; fourth, RFC 5961 section 4.2.
        {
            var isFinAgain = state is TcpState.TimeWait && segment.Has(TcpFlags.Fin) && !segment.Has(TcpFlags.Syn)
                && segment.Seq + segment.Length == 0;
            return new(GridReply.Ack, state, IsRestarted: isFinAgain);
        }

        if (!segment.Has(TcpFlags.Ack))
            return new(GridReply.None, state); // Fifth.
        if (state is TcpState.SynReceived)
        {
            return segment.Ack == 1
                ? OfText(connection, segment, TcpState.Established)
                : new(GridReply.Reset, state);
        }

        if (segment.Ack > connection.InFlight || segment.Ack < -connection.Back)
            return new(GridReply.Ack, state); // RFC 5961 section 5.2.
        return OfText(connection, segment, OfAcknowledgment(state, segment.Ack == connection.InFlight));
    }

    // Table 6. While the window is shut, what comes at its edge is let through for its acknowledgment and its reset.
    private static bool IsAcceptable(GridConnection connection, GridSegment segment)
    {
        if (connection.Window == 0)
            return segment.Seq == 0;
        return connection.IsInside(segment.Seq)
            || (segment.Length > 0 && connection.IsInside(segment.Seq + segment.Length - 1));
    }

    // Second: RFC 5961 section 3.2 goes by the number alone, whatever the segment carries; RFC 1337 section 3.
    private static GridOutcome OfReset(GridConnection connection, GridSegment segment)
    {
        if (connection.State is TcpState.TimeWait)
            return new(GridReply.None, connection.State);
        if (segment.Seq == 0)
            return new(GridReply.None, TcpState.Closed);
        return new(connection.IsInside(segment.Seq) ? GridReply.Ack : GridReply.None, connection.State);
    }

    // Fifth, by state: all is acknowledged, our FIN among it.
    private static TcpState OfAcknowledgment(TcpState state, bool isAll) => (state, isAll) switch
    {
        (TcpState.FinWait1, true) => TcpState.FinWait2,
        (TcpState.Closing, true) => TcpState.TimeWait,
        (TcpState.LastAck, true) => TcpState.Closed,
        _ => state,
    };

    // Seventh and eighth; the sixth, the urgent pointer, says nothing about the stream: RFC 6093 section 3.
    private static GridOutcome OfText(GridConnection connection, GridSegment segment, TcpState state)
    {
        var length = segment.Text + (segment.Has(TcpFlags.Fin) ? 1 : 0);
        if (length == 0 || state is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2))
            return new(GridReply.None, state); // Nothing can follow a FIN that is in.
        if (segment.Seq > 0)
            return new(GridReply.Ack, state); // RFC 5681 section 4.2: a hole is told of at once.
        var end = segment.Seq + segment.Text;
        var text = Math.Clamp(end, 0, connection.Window);
        // A FIN takes no room: it is heard when nothing is missing before it, at the edge of the window too.
        if (segment.Has(TcpFlags.Fin) && end == text)
            return new(GridReply.Ack, OfFin(state), text, IsFin: true);
        return new(text > 0 ? GridReply.AckByAndBy : GridReply.Ack, state, text);
    }

    private static TcpState OfFin(TcpState state) => state switch
    {
        TcpState.FinWait1 => TcpState.Closing,
        TcpState.FinWait2 => TcpState.TimeWait,
        _ => TcpState.CloseWait,
    };
}
