using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>Accurate ECN: what is agreed on, what the receiver counts, and what the sender makes of it.</summary>
[Trait("Conforms", "RFC 9768 section 3")]
public sealed class TcpAccurateEcnTests
{
    private static TcpParameters Asking => Defaults with { AsksForEcn = true, AsksForAccurateEcn = true };

    [Theory]
    [Trait("Conforms", "RFC 9768 section 3.1.1")]
    [Trait("Conforms", "RFC 9768 section 3.1.3")]
    [Trait("Behaviour", "138")]
    [InlineData(7, 0, 2)]
    [InlineData(7, 1, 3)]
    [InlineData(7, 2, 4)]
    [InlineData(7, 3, 6)]
    [InlineData(1, 0, 2)] // What nobody knows today asks for what succeeds it.
    [InlineData(2, 0, 2)]
    [InlineData(4, 0, 2)]
    [InlineData(5, 0, 2)]
    [InlineData(6, 0, 2)]
    public void Listen_SynThatAsks_IsAnsweredWithTheFieldThatItCameIn(int asked, byte field, int answer)
    {
        var peer = new TcpPeer().OpensBy(Syn | Ace(asked), ecn: field).Expects(SynAck | Ace(answer));
        Assert.Equal(TcpEcnMode.Accurate, peer.Machine.Block.Ecn.Mode);
    }

    [Theory]
    [Trait("Conforms", "RFC 9768 section 3.1.1")]
    [Trait("Conforms", "RFC 9768 section 3.2.2.4")]
    [Trait("Behaviour", "138")]
    [InlineData(0, "Off", false)]
    [InlineData(1, "Classic", true)]
    [InlineData(2, "Accurate", true)]
    [InlineData(3, "Accurate", false)] // Our SYN was not capable: somebody has changed it on its way.
    [InlineData(4, "Accurate", false)]
    [InlineData(5, "Accurate", true)] // Reserved: as if nothing had been changed.
    [InlineData(6, "Accurate", false)]
    [InlineData(7, "Off", false)] // A host that reflects what it does not know.
    public void SynSent_Answer_SaysWhatIsAgreed(int answer, string mode, bool isCapable)
    {
        var peer = new TcpPeer(Asking).Opens().Expects(Syn | Ace(7)).Sends(SynAck | Ace(answer), seq: 0, ack: 1);
        Assert.Equal(mode, peer.Machine.Block.Ecn.Mode.ToString());
        Assert.Equal(0, peer.PollLast().Ecn);
        Assert.Equal(isCapable ? 2 : 0, peer.Writes(10).PollLast().Ecn);
    }

    [Theory]
    [Trait("Conforms", "RFC 9768 section 3.2.2.1")]
    [Trait("Behaviour", "138")]
    [InlineData(0, 2, 5)]
    [InlineData(1, 3, 5)]
    [InlineData(2, 4, 5)]
    [InlineData(3, 6, 6)]
    public void SynSent_Answer_IsAcknowledgedWithItsField_BeforeAnyData(byte field, int told, int counter)
    {
        var peer = new TcpPeer(Asking).Opens().Expects(Syn | Ace(7)).Writes(10);
        peer.Sends(SynAck | Ace(2), seq: 0, ack: 1, ecn: field);
        peer.Expects(Ack | Ace(told), seq: 1, ack: 1).Expects(PshAck | Ace(counter), seq: 1, length: 10);
        // The acknowledgment was lost, and the answer comes again: so does what it says.
        peer.Sends(SynAck | Ace(2), seq: 0, ack: 1, ecn: field).Expects(Ack | Ace(told)).ExpectsNothing();
        Assert.Equal(counter - 5, peer.Machine.Block.Ecn.Marks);
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.1.4.1")]
    [Trait("Behaviour", "138")]
    public void SynSent_Timeouts_AskOnceMoreAndThenNotAtAll()
    {
        var peer = new TcpPeer(Asking).Opens().Expects(Syn | Ace(7)).ElapsesToTimeout().Expects(Syn | Ace(7))
            .ElapsesToTimeout().Expects(Syn).Sends(SynAck | Ace(2), seq: 0, ack: 1);
        // The answer was to one that asked. What is sent cannot be marked all the same.
        Assert.Equal(TcpEcnMode.Accurate, peer.Machine.Block.Ecn.Mode);
        Assert.Equal(TcpEcn.NotCapable, peer.Machine.Block.Ecn.FieldFor(isNew: true));
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.2.5.1")]
    [Trait("Behaviour", "138")]
    public void Established_Marks_AreCounted_AndToldAtTheFirstAndThenEveryTwo()
    {
        var peer = Established();
        peer.Sends(Ack | Ace(5), seq: 1, ack: 1, length: 100, ecn: 2).ExpectsNothing();
        peer.Sends(Ack | Ace(5), seq: 101, ack: 1, length: 100, ecn: 3).Expects(Ack | Ace(6), ack: 201);
        peer.Writes(10).Expects(PshAck | Ace(6), length: 10);
        peer.Sends(Ack | Ace(5), seq: 201, ack: 11, length: 100, ecn: 3).ExpectsNothing();
        peer.Sends(Ack | Ace(5), seq: 301, ack: 11, length: 100, ecn: 3).Expects(Ack | Ace(0), ack: 401);
        // RFC 9768 section 3.2.1: an acknowledgment counts, too, and is not answered.
        peer.Sends(Ack | Ace(5), seq: 401, ack: 11, ecn: 3).ExpectsNothing();
        peer.Writes(10).Expects(PshAck | Ace(1), length: 10);
        Assert.Equal(4, peer.Machine.Block.Ecn.Marks);
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.2")]
    [Trait("Behaviour", "138")]
    public void Established_CounterRises_CutsTheWindowOnceAWindow_AndCwrIsNoSignal()
    {
        var peer = Established();
        peer.Writes(8 * Mss).Poll();
        var before = peer.Machine.Block.Congestion.WindowBytes;
        peer.Sends(Ack | Ace(7), seq: 1, ack: 1 + (2 * Mss));
        var after = peer.Machine.Block.Congestion.WindowBytes;
        Assert.InRange(after, 1, before - 1);
        peer.Sends(Ack | Ace(0), seq: 1, ack: 1 + (4 * Mss)); // Round the end of three bits: one more.
        peer.Sends(Ack | Ace(0), seq: 1, ack: 1 + (6 * Mss));
        Assert.InRange(peer.Machine.Block.Congestion.WindowBytes, after, before);
        Assert.Equal(3, peer.Machine.Info.SegmentsMarked);
        Assert.All(peer.Writes(2 * Mss).Poll(), static sent => Assert.Equal(Ace(5), sent.Flags & TcpAceField.Flags));
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.2")]
    [Trait("Behaviour", "138")]
    public void Established_CounterRises_CongestionControlHearsHowMuch()
    {
        var control = new Recorder();
        var peer = Established(Defaults with { Congestion = () => control });
        peer.Writes(6 * Mss).Poll();
        peer.Sends(Ack | Ace(7), seq: 1, ack: 1 + (4 * Mss)).Sends(Ack | Ace(7), seq: 1, ack: 1 + (6 * Mss));
        Assert.Equal([2, 0], control.Marks);
        Assert.Equal(1, control.Reductions);
    }

    [Theory]
    [Trait("Conforms", "RFC 9768 section 3.2.2.5.2")]
    [Trait("Behaviour", "138")]
    [InlineData(null, 10)] // Two of ten, or all of them: acknowledgments may have been lost.
    [InlineData(2 * Mss, 2)]
    [InlineData(10 * Mss, 10)]
    public void Established_MoreThanSevenAtOnce_AreTakenToHaveWrappedUnlessTheBytesSayNo(int? bytes, int marks)
    {
        var peer = Established();
        peer.Writes(10 * Mss).Poll();
        peer.Sends(Ack | Ace(7), seq: 1, ack: 1 + (10 * Mss), options: Counters((uint?)bytes));
        Assert.Equal(marks, peer.Machine.Block.Ecn.Accurate!.PeerMarks);
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.2.5.2")]
    [Trait("Behaviour", "138")]
    public void Established_OldAcknowledgment_TellsNothing()
    {
        var peer = Established();
        peer.Writes(6 * Mss).Poll();
        peer.Sends(Ack | Ace(6), seq: 1, ack: 1 + (4 * Mss)).Sends(Ack | Ace(5), seq: 1, ack: 1 + (2 * Mss));
        peer.Sends(Ack | Ace(6), seq: 1, ack: 1 + (6 * Mss));
        Assert.Equal(1, peer.Machine.Block.Ecn.Accurate!.PeerMarks);
    }

    [Theory]
    [Trait("Conforms", "RFC 9768 section 3.2.2.3")]
    [Trait("Conforms", "RFC 9768 section 3.2.2.4")]
    [Trait("Behaviour", "138")]
    [InlineData(0)] // Somebody clears the flags.
    [InlineData(3)] // Somebody changes the field of what was not capable.
    [InlineData(4)]
    [InlineData(6)]
    public void SynReceived_AcknowledgmentThatShowsMangling_NothingIsCapableNorBelieved(int told)
    {
        var peer = new TcpPeer().OpensBy(Syn | Ace(7), options: new() { MaximumSegmentSize = Mss });
        peer.Expects(SynAck | Ace(2)).Sends(Ack | Ace(told), seq: 1, ack: 1).Writes(4 * Mss);
        Assert.All(peer.Poll(), static sent => Assert.Equal(0, sent.Ecn));
        var before = peer.Machine.Block.Congestion.WindowBytes;
        peer.Sends(Ack | Ace(7), seq: 1, ack: 1 + (2 * Mss));
        Assert.InRange(peer.Machine.Block.Congestion.WindowBytes, before, long.MaxValue);
        // The other direction is counted all the same.
        peer.Sends(Ack | Ace(7), seq: 1, ack: 1 + (2 * Mss), length: 100, ecn: 3).Expects(Ack | Ace(6), ack: 101);
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.2.1")]
    [Trait("Behaviour", "138")]
    public void SynReceived_DataInPlaceOfTheAcknowledgment_HaveTheCounter()
    {
        var peer = new TcpPeer().OpensBy(Syn | Ace(7)).Expects(SynAck | Ace(2));
        peer.Sends(Ack | Ace(6), seq: 1, ack: 1, length: 100).Writes(10);
        Assert.Equal(2, peer.PollLast().Ecn);
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.3")]
    [Trait("Behaviour", "138")]
    public void Option_IsInTheFirstAnswer_AndInAcknowledgmentsOnceThePeerHasSentIt()
    {
        var peer = new TcpPeer().OpensBy(Syn | Ace(7), options: new() { MaximumSegmentSize = Mss });
        Assert.Equal(new(1, 0, 1) { Fields = 3 }, peer.PollLast().Header.Options.AccurateEcn);
        peer.ElapsesToTimeout();
        Assert.Null(peer.PollLast().Header.Options.AccurateEcn); // Lost for it, perhaps.
        peer.Sends(Ack | Ace(2), seq: 1, ack: 1);
        peer.Sends(Ack | Ace(5), seq: 1, ack: 1, length: 100, ecn: 3);
        Assert.Null(peer.PollLast().Header.Options.AccurateEcn);

        peer.Writes(10).Poll();
        peer.Sends(Ack | Ace(5), seq: 101, ack: 11, length: 100, ecn: 3, options: Counters(0)).Elapses(40);
        Assert.Equal(new(1, 200, 0) { Fields = 2 }, peer.PollLast().Header.Options.AccurateEcn);
        peer.Sends(Ack | Ace(5), seq: 201, ack: 11, length: 100, ecn: 1).Elapses(40);
        Assert.Equal(new(1, 200, 101) { Fields = 3 }, peer.PollLast().Header.Options.AccurateEcn);
        peer.Sends(Ack | Ace(5), seq: 301, ack: 11, length: 100).Elapses(40);
        Assert.Null(peer.PollLast().Header.Options.AccurateEcn); // Nothing is new.
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.3.2.4")]
    [Trait("Behaviour", "138")]
    public void Option_WhoseFirstFieldWasCleared_IsNeitherBelievedNorSent()
    {
        var peer = new TcpPeer(Asking).Opens().Expects(Syn | Ace(7));
        peer.Sends(SynAck | Ace(2), seq: 0, ack: 1,
            options: new() { MaximumSegmentSize = Mss, AccurateEcn = new(0, 0, 1) { Fields = 3 } });
        Assert.Null(peer.PollLast().Header.Options.AccurateEcn);
        peer.Writes(9 * Mss).Poll();
        peer.Sends(Ack | Ace(5), seq: 1, ack: 1 + (8 * Mss), options: Counters(0));
        Assert.Equal(8, peer.Machine.Block.Ecn.Accurate!.PeerMarks); // Eight might have been none.
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.3")]
    [Trait("Behaviour", "138")]
    public void SynSent_OptionInTheAnswer_IsInItsAcknowledgment()
    {
        var peer = new TcpPeer(Asking).Opens().Expects(Syn | Ace(7));
        peer.Sends(SynAck | Ace(2), seq: 0, ack: 1,
            options: new() { MaximumSegmentSize = Mss, AccurateEcn = TcpAccurateEcnOption.Initial });
        Assert.Equal(new(1, 0, 0) { Fields = 2 }, peer.PollLast().Header.Options.AccurateEcn);
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.2")]
    [Trait("Behaviour", "138")]
    public void DeviceThatCuts_IsGivenWholeSegments_WhileItsCopiesWouldLackCwr()
    {
        var peer = Established(Defaults with { SegmentationLimit = 9000 });
        Assert.Single(peer.Writes(2 * Mss).Poll());
        peer.Sends(Ack | Ace(5), seq: 1, ack: 1 + (2 * Mss), length: 100, ecn: 3).Expects(Ack | Ace(6));
        Assert.Equal(2, peer.Writes(2 * Mss).Poll().Count);
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.1")]
    [Trait("Behaviour", "138")]
    public void SegmentThatTheDeviceMerged_CountsItsPackets()
    {
        var peer = Established();
        var segment = peer.Segment(Ack | Ace(5), seq: 1, ack: 1, length: 250, ecn: 3);
        peer.Machine.HandleSegment(new(segment.Header, segment.Payload) { Ecn = 3, MergedSize = 100 }, peer.NowNs);
        peer.Expects(Ack | Ace(0), ack: 251);
    }

    private static TcpPeer Established(TcpParameters? parameters = null)
    {
        var peer = new TcpPeer(parameters).OpensBy(Syn | Ace(7), options: new() { MaximumSegmentSize = Mss });
        peer.Expects(SynAck | Ace(2)).Sends(Ack | Ace(2), seq: 1, ack: 1).ExpectsNothing().Events();
        return peer;
    }

    private static TcpOptions Counters(uint? bytes) =>
        new() { AccurateEcn = bytes is { } marked ? new(1, marked, 0) { Fields = 2 } : null };

    private static TcpFlags Ace(int value) => TcpAceField.Write(value);

    private sealed class Recorder : CongestionControl
    {
        public List<int> Marks { get; } = [];

        public override string Name => "recorder";

        public override void OnAcknowledged(in TcpAckSample sample) => Marks.Add(sample.Marks);

        protected override void Reduce(long inFlight, bool isMark, long nowNs) => ThresholdBytes = WindowBytes / 2;
    }
}
