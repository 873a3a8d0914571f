using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>Accurate ECN: what counts where acknowledgments are lost, repeated or carry data, and after a
/// FIN.</summary>
[Trait("Conforms", "RFC 9768 section 3.2.2")]
[Trait("Behaviour", "138")]
public sealed class TcpAccurateEcnCountingTests
{
    private static TcpParameters Asking => Defaults with { AsksForEcn = true, AsksForAccurateEcn = true };

    [Theory]
    [Trait("Conforms", "RFC 9768 section 3.2.2.5.2")]
    [InlineData(0, 0)] // It could have the option, and has none: nothing is new.
    [InlineData(100, 16)] // With data it has none: the counter may have gone round twice.
    public void PeerOfTheOption_AcknowledgesWithoutIt_IsBelievedWhereItHadRoom(int length, int marks)
    {
        var peer = Established();
        peer.Writes(Mss).Poll();
        peer.Sends(Ack | Ace(5), seq: 1, ack: 1 + Mss,
            options: new() { AccurateEcn = new(1, 0, 0) { Fields = 2 } });
        var (acknowledged, written) = (1 + Mss, 16 * Mss);
        peer.Machine.Block.Congestion.OnAcknowledged(
            new() { Bytes = written, DeliveredBytes = written, IsLimited = true });
        peer.Writes(written).Poll();
        peer.Sends(Ack | Ace(5), seq: 1, ack: acknowledged + written, length: length);
        Assert.Equal(marks, peer.Machine.Block.Ecn.Accurate!.PeerMarks);
    }

    [Fact]
    [Trait("Conforms", "RFC 9768 section 3.2.2.2")]
    public void RepeatedAnswers_Marked_CountOnce()
    {
        var peer = new TcpPeer(Asking).Opens().Expects(Syn | Ace(7));
        peer.Sends(SynAck | Ace(2), seq: 0, ack: 1).Expects(Ack | Ace(2));
        peer.Sends(SynAck | Ace(2), seq: 0, ack: 1, ecn: 3).Expects(Ack | Ace(6));
        peer.Sends(SynAck | Ace(2), seq: 0, ack: 1, ecn: 3).Expects(Ack | Ace(6));
        Assert.Equal(1, peer.Machine.Block.Ecn.Marks);
        peer.Writes(10).Expects(PshAck | Ace(6), seq: 1, length: 10);
    }

    [Fact]
    public void PeerHasClosed_MarkedAcknowledgments_CountStill()
    {
        var peer = Established();
        peer.Sends(Ack | TcpFlags.Fin | Ace(5), seq: 1, ack: 1).Expects(Ack | Ace(5), ack: 2);
        peer.Writes(2 * Mss).Poll();
        peer.Sends(Ack | Ace(5), seq: 2, ack: 1 + Mss, ecn: 3);
        peer.Sends(Ack | Ace(5), seq: 2, ack: 1 + (2 * Mss), ecn: 3);
        Assert.Equal(2, peer.Machine.Block.Ecn.Marks);
    }

    private static TcpPeer Established()
    {
        var peer = new TcpPeer().OpensBy(Syn | Ace(7), options: new() { MaximumSegmentSize = Mss });
        peer.Expects(SynAck | Ace(2)).Sends(Ack | Ace(2), seq: 1, ack: 1).ExpectsNothing().Events();
        return peer;
    }

    private static TcpFlags Ace(int value) => TcpAceField.Write(value);
}
