using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>Every state, every combination of control bits, every edge of the window and of what is in flight: what the
/// documents say comes of it, by <see cref="ArrivalOracle"/>.</summary>
[Trait("Conforms", "RFC 9293 section 3.10.7")]
public sealed class TcpGridTests
{
    private const ushort Window = 4000;

    // The states that have no machine.
    private static readonly GridConnection s_none = new(TcpState.Closed, Window, 1, 30_000);

    public static TheoryData<GridCase> Cases() => [.. GridCase.All()];

    [Theory]
    [Trait("Conforms", "RFC 5961 section 3.2")]
    [Trait("Conforms", "RFC 5961 section 4.2")]
    [Trait("Conforms", "RFC 5961 section 5.2")]
    [Trait("Behaviour", "107")]
    [Trait("Behaviour", "108")]
    [Trait("Behaviour", "109")]
    [Trait("Behaviour", "111")]
    [MemberData(nameof(Cases))]
    [Trait("Hostile", "11")]
    [Trait("Hostile", "15")]
    [Trait("Hostile", "39")]
    public void Machine_AnySegmentAtAnyEdge_DoesWhatIsWritten(GridCase place)
    {
        Assert.NotNull(place);
        foreach (var segment in GridAxes.Segments(place.Connection))
        {
            var expected = place.State is TcpState.SynSent
                ? ArrivalOracle.InSynSent(place.Connection, segment)
                : ArrivalOracle.InOthers(place.Connection, segment);
            if (Complaint(place, segment, expected) is { } complaint)
                Assert.Fail($"{place}, {segment}: {complaint}; {expected} is written.");
        }
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    [Trait("Behaviour", "90")]
    public void HalfOpen_AnySegmentAtAnyEdge_DoesWhatIsWritten()
    {
        var place = new GridCase(TcpState.SynReceived, 0, false, uint.MaxValue - 1);
        var peer = place.Reach();
        var halfOpen = new TcpHalfOpen { Key = TcpPeer.Ends.Key };
        foreach (var segment in GridAxes.Segments(place.Connection))
        {
            halfOpen.Start(null!, TcpSyn.Of(peer.Segment(Syn, 0)), place.Initial, Window);
            var expected = Answer(ArrivalOracle.InOthers(place.Connection, segment));
            if (segment.Has(Syn) && segment.Has(Ack) && !segment.Has(Rst))
                expected = TcpHalfOpenAnswer.Challenge; // Only one end began: nothing completes it by a second SYN.
            var answer = halfOpen.Handle(Segment(place, peer, segment));
            Assert.True(expected == answer, $"{segment}: {answer}; {expected} is written.");
        }
    }

    [Fact]
    [Trait("Conforms", "RFC 1337 section 3")]
    [Trait("Behaviour", "105")]
    [Trait("Hostile", "22")]
    public void TimeWait_AnySegmentAtAnyEdge_DoesWhatIsWritten()
    {
        var place = new GridCase(TcpState.TimeWait, 0, false, uint.MaxValue - 1);
        var peer = place.Reach();
        var waiting = new TcpTimeWait { Key = TcpPeer.Ends.Key };
        foreach (var segment in GridAxes.Segments(place.Connection))
        {
            waiting.Start(peer.Machine.Residue);
            var outcome = ArrivalOracle.InOthers(place.Connection, segment);
            var expected = outcome.IsRestarted ? TcpTimeWaitAnswer.Restart
                : outcome.Reply is GridReply.None ? TcpTimeWaitAnswer.Drop
                : TcpTimeWaitAnswer.Acknowledge;
            var answer = waiting.Handle(Segment(place, peer, segment));
            Assert.True(expected == answer, $"{segment}: {answer}; {expected} is written.");
        }
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.2")]
    [Trait("Behaviour", "85")]
    public void Listen_AnySegment_DoesWhatIsWritten()
    {
        var peer = new TcpPeer();
        var (local, remote) = (TcpPeer.Ends.Local.Address, TcpPeer.Ends.Remote.Address);
        foreach (var segment in GridAxes.Segments(s_none))
        {
            var (reply, isOpened) = ArrivalOracle.InListen(segment);
            var expected = isOpened ? TcpListenAnswer.Open
                : reply is GridReply.Reset ? TcpListenAnswer.Reset
                : TcpListenAnswer.Drop;
            var answer = TcpListen.Judge(
                peer.Segment(segment.Flags, segment.Seq, segment.Ack, segment.Text), remote, local);
            Assert.True(expected == answer, $"{segment}: {answer}; {expected} is written.");
        }
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.1")]
    [Trait("Behaviour", "84")]
    [Trait("Hostile", "19")]
    public void Closed_AnySegment_DrawsTheResetThatIsWritten()
    {
        var peer = new TcpPeer(localInitial: 0, remoteInitial: 0);
        foreach (var segment in GridAxes.Segments(s_none))
        {
            var isAnswered = TcpReset.For(
                peer.Segment(segment.Flags, segment.Seq, segment.Ack, segment.Text), out var reset);
            var actual = !isAnswered ? (0, 0u, 0u) : ((int)reset.Flags, reset.Sequence, reset.Acknowledgment);
            var expected = ArrivalOracle.InClosed(segment) switch
            {
                GridReply.Reset => ((int)Rst, (uint)segment.Ack, 0u),
                GridReply.ResetAck => ((int)RstAck, 0u, (uint)(segment.Seq + segment.Length)),
                _ => (0, 0u, 0u),
            };
            Assert.True(expected == actual, $"{segment}: {actual}; {expected} is written.");
        }
    }

    private static TcpSegment Segment(GridCase place, TcpPeer peer, GridSegment segment) =>
        peer.Segment(segment.Flags, place.Next + segment.Seq, place.Unacknowledged + segment.Ack, segment.Text);

    private static TcpHalfOpenAnswer Answer(GridOutcome outcome) => (outcome.State, outcome.Reply) switch
    {
        (TcpState.Closed, _) => TcpHalfOpenAnswer.Forget,
        (not TcpState.SynReceived, _) => TcpHalfOpenAnswer.Complete,
        (_, GridReply.Ack) => TcpHalfOpenAnswer.Challenge,
        (_, GridReply.SynAck) => TcpHalfOpenAnswer.Repeat,
        (_, GridReply.Reset) => TcpHalfOpenAnswer.Reset,
        _ => TcpHalfOpenAnswer.Drop,
    };

    private static string? Complaint(GridCase place, GridSegment segment, GridOutcome expected)
    {
        var peer = place.Reach();
        var block = peer.Machine.Block;
        var (edge, held) = (block.Window.Edge, peer.ReceiveQueue.Length);
        peer.NowNs += 1_000_000;
        var timeout = peer.Machine.NextTimeoutNs;
        peer.Machine.HandleSegment(Segment(place, peer, segment), peer.NowNs);
        var sent = peer.Poll();
        var state = peer.Machine.State;
        if (!IsReply(place, segment, expected, sent))
            return sent.Count == 0 ? "nothing is sent" : $"{string.Join(", ", sent)} is sent";
        if (state != expected.State)
            return $"goes to {state}";
        if (peer.ReceiveQueue.Length - held != expected.Text)
            return $"{peer.ReceiveQueue.Length - held} bytes are taken";
        if (place.State is not TcpState.SynSent && !edge.IsUpTo(block.Window.Edge))
            return "the right edge of the window moves back";
        if (place.State is TcpState.TimeWait && expected.IsRestarted != (peer.Machine.NextTimeoutNs != timeout))
            return "the time of TIME-WAIT is another one";
        if ((peer.Events() & TcpEvents.Failed) != 0 != peer.Machine.Error is not null)
            return "an error and its event go together";
        // Something always ends these states.
        var isOpen = state is TcpState.Established or TcpState.CloseWait or TcpState.FinWait2;
        return isOpen || state is TcpState.Closed == peer.Machine.NextTimeoutNs is null ? null : "no timer is right";
    }

    private static bool IsReply(GridCase place, GridSegment segment, GridOutcome expected, List<TcpSent> sent)
    {
        // What is in flight and not acknowledged by the segment stays there: numbers go on behind it.
        var next = place.Unacknowledged + place.Connection.InFlight;
        var syn = place.State is TcpState.SynSent ? segment.Seq + 1 : 0;
        var ack = place.Next + syn + expected.Advance;
        return (expected.Reply, sent) switch
        {
            (GridReply.None or GridReply.AckByAndBy, []) => true,
            (GridReply.Ack or GridReply.AckByAndBy, [{ Flags: Ack, Length: 0 } only]) =>
                only.Seq == next && only.Ack == ack,
            (GridReply.SynAck, [{ Flags: SynAck, Length: 0 } only]) => only.Seq == 0 && only.Ack == ack,
            (GridReply.Reset, [{ Flags: Rst, Length: 0 } only]) => only.Seq == place.Unacknowledged + segment.Ack,
            _ => false,
        };
    }
}
