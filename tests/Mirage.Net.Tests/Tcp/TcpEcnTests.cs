using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 3168 section 6.1")]
public sealed class TcpEcnTests
{
    private const TcpFlags Ece = TcpFlags.Ece, Cwr = TcpFlags.Cwr;
    private static TcpParameters Asking => Defaults with { AsksForEcn = true };

    [Theory]
    [Trait("Conforms", "RFC 3168 section 6.1.1")]
    [Trait("Behaviour", "138")]
    [InlineData(Ece | Cwr, true)]
    [InlineData(TcpFlags.None, false)]
    public void Listen_Syn_IsAnsweredWithEceOnlyWhenItAsks(TcpFlags flags, bool isOn)
    {
        var peer = new TcpPeer().OpensBy(Syn | flags).Expects(SynAck | (isOn ? Ece : TcpFlags.None));
        Assert.Equal(isOn, peer.Machine.Block.Ecn.IsOn);
    }

    [Theory]
    [Trait("Conforms", "RFC 3168 section 6.1.1")]
    [Trait("Behaviour", "138")]
    [InlineData(Ece, true)]
    [InlineData(Ece | Cwr, false)] // A broken host that reflects the flags.
    [InlineData(TcpFlags.None, false)]
    public void SynSent_Answer_AgreesByEceAlone(TcpFlags flags, bool isOn)
    {
        var peer = new TcpPeer(Asking).Opens().Expects(Syn | Ece | Cwr).Sends(SynAck | flags, seq: 0, ack: 1);
        Assert.Equal(isOn, peer.Machine.Block.Ecn.IsOn);
        Assert.Equal(0, peer.PollLast().Ecn);
        Assert.Equal(isOn ? 2 : 0, peer.Writes(10).PollLast().Ecn);
    }

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.1")]
    [Trait("Behaviour", "138")]
    public void SynSent_AgreementThatNobodyAskedFor_IsNone()
    {
        var peer = new TcpPeer().Opens().Expects(Syn).Sends(SynAck | Ece, seq: 0, ack: 1);
        Assert.False(peer.Machine.Block.Ecn.IsOn);
    }

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.1.1")]
    [Trait("Behaviour", "138")]
    public void SynSent_Timeout_AsksNoMoreAndTakesNoAgreement()
    {
        var peer = new TcpPeer(Asking).Opens().Expects(Syn | Ece | Cwr).ElapsesToTimeout().Expects(Syn)
            .Sends(SynAck | Ece, seq: 0, ack: 1);
        Assert.False(peer.Machine.Block.Ecn.IsOn);
    }

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.3")]
    [Trait("Behaviour", "138")]
    public void Established_Mark_IsEchoedAtOnceInEverySegmentUntilTheSenderHasSlowedDown()
    {
        var peer = Established();
        peer.Sends(Ack, seq: 1, ack: 1, length: 100, ecn: 2).ExpectsNothing();
        peer.Sends(Ack, seq: 101, ack: 1, length: 100, ecn: 3).Expects(Ack | Ece, ack: 201);
        peer.Writes(10).Expects(PshAck | Ece, length: 10);
        peer.Sends(Ack, seq: 201, ack: 11, length: 100, ecn: 2).Elapses(40).Expects(Ack | Ece, ack: 301);
        peer.Sends(Ack | Cwr, seq: 301, ack: 11, length: 100, ecn: 2).Expects(Ack, ack: 401);
        // A mark on the very segment that says so is a new one.
        peer.Sends(Ack | Cwr, seq: 401, ack: 11, length: 100, ecn: 3).Expects(Ack | Ece, ack: 501);
        Assert.Equal(2, peer.Machine.Block.Ecn.Marks);
    }

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.4")]
    [Trait("Behaviour", "138")]
    public void Established_MarkWithoutData_OrOutsideOfTheWindow_IsNotEchoed()
    {
        var peer = Established().Sends(Ack, seq: 1, ack: 1, ecn: 3).ExpectsNothing();
        peer.Sends(Ack, seq: 900_000, ack: 1, length: 100, ecn: 3).Expects(Ack, ack: 1);
        Assert.Equal(0, peer.Machine.Block.Ecn.Marks);
    }

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.2")]
    [Trait("Behaviour", "138")]
    public void Established_Echo_CutsTheWindowOnceAWindow()
    {
        var peer = Established();
        peer.Writes(8 * Mss).Poll();
        var before = peer.Machine.Block.Congestion.WindowBytes;
        peer.Sends(Ack | Ece, seq: 1, ack: 1 + Mss);
        var after = peer.Machine.Block.Congestion.WindowBytes;
        Assert.InRange(after, 1, before - 1);
        for (var acknowledged = 2; acknowledged <= 7; acknowledged++)
            peer.Sends(Ack | Ece, seq: 1, ack: 1 + (acknowledged * Mss));
        Assert.InRange(peer.Machine.Block.Congestion.WindowBytes, after, before);
        Assert.Empty(peer.Poll());

        peer.Writes(2 * Mss).Expects(Ack | Cwr, length: Mss).Expects(PshAck, length: Mss).ExpectsNothing();
        before = peer.Machine.Block.Congestion.WindowBytes;
        peer.Sends(Ack | Ece, seq: 1, ack: 1 + (9 * Mss));
        Assert.InRange(peer.Machine.Block.Congestion.WindowBytes, 1, before - 1);
    }

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.5")]
    [Trait("Behaviour", "138")]
    public void Established_Retransmission_IsNotCapable()
    {
        var peer = Established().Writes(Mss);
        Assert.Equal(2, Assert.Single(peer.Poll()).Ecn);
        peer.ElapsesToTimeout();
        var again = peer.Drained.Concat(peer.Poll()).Where(static sent => sent.Length > 0).ToList();
        Assert.All(again, static sent => Assert.Equal((1, 0), (sent.Seq, sent.Ecn)));
        Assert.NotEmpty(again);
    }

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.6")]
    [Trait("Behaviour", "138")]
    public void WindowShut_Probe_IsNotCapable()
    {
        var peer = Established();
        peer.Window = 0;
        peer.Sends(Ack, seq: 1, ack: 1).Writes(Mss).ExpectsNothing().ElapsesToTimeout();
        Assert.Equal(0, Assert.Single(peer.Poll()).Ecn);
    }

    [Fact]
    [Trait("Behaviour", "138")]
    public void NotAgreed_MarksAndEchoes_DoNothing()
    {
        var peer = In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: 100, ecn: 3).Elapses(40)
            .Expects(Ack, ack: 101).Writes(4 * Mss);
        peer.Poll();
        var before = peer.Machine.Block.Congestion.WindowBytes;
        peer.Sends(Ack | Ece, seq: 101, ack: 1 + Mss);
        Assert.InRange(peer.Machine.Block.Congestion.WindowBytes, before, long.MaxValue);
    }

    private static TcpPeer Established()
    {
        var peer = new TcpPeer().OpensBy(Syn | Ece | Cwr, options: new() { MaximumSegmentSize = Mss });
        peer.Expects(SynAck | Ece).Sends(Ack, seq: 1, ack: 1).ExpectsNothing().Events();
        return peer;
    }
}
