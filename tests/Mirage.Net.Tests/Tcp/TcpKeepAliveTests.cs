using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>How long a peer may be silent.</summary>
public sealed class TcpKeepAliveTests
{
    private const long Second = 1_000_000_000;

    private static TcpParameters Asking =>
        Defaults with { KeepAliveNs = 60 * Second, KeepAliveIntervalNs = 10 * Second, KeepAliveCount = 3 };

    private static TcpParameters Impatient => Defaults with { UserTimeoutNs = 30 * Second };

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.4")]
    [Trait("Behaviour", "136")]
    public void Established_SilentPeer_IsAskedAndGivenUp()
    {
        var peer = In(TcpState.Established, Asking).Elapses(59_999).ExpectsNothing().Elapses(1)
            .Expects(Ack, seq: 0, ack: 1).ExpectsNothing();
        for (var probe = 2; probe <= 3; probe++)
            peer.Elapses(9_999).ExpectsNothing().Elapses(1).Expects(Ack, seq: 0, ack: 1).ExpectsNothing();
        peer.Elapses(9_999).ExpectsNothing().ExpectsState(TcpState.Established).Elapses(1)
            .ExpectsError<TcpError.Timeout>().Expects(RstAck, seq: 1, ack: 1);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.4")]
    [Trait("Behaviour", "136")]
    public void Established_PeerAnswersTheLastProbe_IsAskedAgainAfterTheIdleTime()
    {
        var peer = In(TcpState.Established, Asking);
        for (var round = 0; round < 20; round++)
        {
            peer.Elapses(60_000).Expects(Ack, seq: 0).Elapses(10_000).Expects(Ack, seq: 0).Elapses(10_000)
                .Expects(Ack, seq: 0).Elapses(5_000).Sends(Ack, seq: 1, ack: 1).ExpectsNothing();
        }

        peer.Elapses(59_999).ExpectsNothing().ExpectsState(TcpState.Established);
    }

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.4")]
    [Trait("Behaviour", "136")]
    public void Established_DataEitherWay_PostponesTheProbe() =>
        In(TcpState.Established, Asking).Elapses(50_000).Sends(PshAck, seq: 1, ack: 1, length: 10).Elapses(1_000)
            .Expects(Ack, ack: 11).Elapses(58_999).ExpectsNothing().Elapses(1).Expects(Ack, seq: 0, ack: 11)
            .Writes(10).Expects(PshAck, seq: 1, length: 10).Sends(Ack, seq: 11, ack: 11).Elapses(59_999)
            .ExpectsNothing().Elapses(1).Expects(Ack, seq: 10, ack: 11);

    [Fact]
    [Trait("Behaviour", "136")]
    public void Established_NobodyAskedForKeepAlives_ThereAreNone()
    {
        var peer = In(TcpState.Established);
        Assert.Null(peer.Machine.NextTimeoutNs);
    }

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.8.4")]
    [Trait("Behaviour", "136")]
    [InlineData(0)]
    [InlineData(1)] // RFC 9293 MUST-27: some send one old byte.
    public void Established_KeepAliveOfThePeer_IsAnswered(int length) =>
        In(TcpState.Established).Sends(Ack, seq: 1, ack: 1, length: 10).Elapses(40).Expects(Ack, ack: 11).Reads(10)
            .Sends(Ack, seq: 10, ack: 1, length: length).Expects(Ack, seq: 1, ack: 11).ExpectsNothing();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.4")]
    [Trait("Behaviour", "136")]
    public void Established_DataInFlight_IsRetransmittedAndNotProbed()
    {
        var peer = In(TcpState.Established, Asking).Writes(10).Expects(PshAck, length: 10).ExpectsNothing()
            .Elapses(300_000);
        Assert.InRange(peer.Drained.Count, 5, 20);
        Assert.All(peer.Drained, static sent => Assert.Equal((1, 10), (sent.Seq, sent.Length)));
    }

    [Fact]
    [Trait("Conforms", "RFC 5482 section 1")]
    [Trait("Behaviour", "137")]
    public void Established_DataUnacknowledged_FailsAtTheUserTimeout() =>
        In(TcpState.Established, Impatient).Writes(10).Expects(PshAck, length: 10).ExpectsNothing().Elapses(29_999)
            .ExpectsState(TcpState.Established).Elapses(1).ExpectsError<TcpError.Timeout>();

    [Fact]
    [Trait("Conforms", "RFC 5482 section 1")]
    [Trait("Behaviour", "137")]
    public void Established_AnyProgress_BeginsTheUserTimeoutAnew()
    {
        var peer = In(TcpState.Established, Impatient).Writes(20).Expects(PshAck, length: 20).ExpectsNothing()
            .Elapses(29_000);
        peer.Sends(Ack, seq: 1, ack: 11).Poll();
        peer.Elapses(29_000).ExpectsState(TcpState.Established);
        peer.Sends(Ack, seq: 1, ack: 11).Poll(); // No progress.
        peer.Elapses(1_000).ExpectsError<TcpError.Timeout>();
    }

    [Fact]
    [Trait("Behaviour", "137")]
    public void Established_EverythingAcknowledged_ThereIsNoUserTimeout()
    {
        var peer = In(TcpState.Established, Impatient).Writes(10).Expects(PshAck, length: 10).ExpectsNothing()
            .Sends(Ack, seq: 1, ack: 11).ExpectsNothing();
        Assert.Null(peer.Machine.NextTimeoutNs);
    }

    [Fact]
    [Trait("Conforms", "RFC 5482 section 1")]
    [Trait("Behaviour", "137")]
    public void FinWait1_FinUnacknowledged_FailsAtTheUserTimeout() =>
        In(TcpState.Established, Impatient).Closes().Expects(FinAck).ExpectsNothing().Elapses(29_999)
            .ExpectsState(TcpState.FinWait1).Elapses(1).ExpectsError<TcpError.Timeout>();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.6.1")]
    [Trait("Behaviour", "126")]
    [Trait("Behaviour", "137")]
    public void ShutWindow_ProbesAnswered_FailAtTheUserTimeoutOnly()
    {
        var peer = In(TcpState.Established, Impatient);
        peer.Window = 0;
        peer.Sends(Ack, seq: 1, ack: 1).Writes(10).ExpectsNothing();
        for (var second = 1; second < 30; second++)
        {
            peer.Elapses(1_000).Poll();
            peer.Sends(Ack, seq: 1, ack: 1).ExpectsNothing();
        }

        peer.ExpectsState(TcpState.Established).Elapses(1_000).ExpectsError<TcpError.Timeout>();
    }

    [Fact]
    [Trait("Conforms", "RFC 5482 section 1")]
    [Trait("Behaviour", "137")]
    public void LongUserTimeout_ManyRetransmissions_GoOnUntilIt()
    {
        var peer = In(TcpState.Established, Defaults with { UserTimeoutNs = 3600 * Second }).Writes(10)
            .Expects(PshAck, length: 10).ExpectsNothing().Elapses(3_599_999).ExpectsState(TcpState.Established).Elapses(1).ExpectsError<TcpError.Timeout>();
        Assert.InRange(peer.Drained.Count, TcpLimits.RetransmitsMax + 20, 100);
    }

    [Fact]
    [Trait("Behaviour", "137")]
    public void SynSent_NobodyAnswers_FailsAtTheUserTimeout() =>
        new TcpPeer(Impatient).Opens().Expects(Syn).ExpectsNothing().Elapses(29_999).ExpectsState(TcpState.SynSent)
            .Elapses(1).ExpectsError<TcpError.Timeout>();

    [Theory]
    [Trait("Conforms", "RFC 5482 section 1")]
    [Trait("Behaviour", "136")]
    [Trait("Behaviour", "137")]
    [InlineData(65, 70)] // The probe at 60 s has its interval.
    [InlineData(75, 80)]
    [InlineData(150, 150)] // More than the count of probes would take.
    public void SilentPeer_UserTimeout_CountsInsteadOfTheProbes(int userTimeout, int expected)
    {
        var peer = In(TcpState.Established, Asking with { UserTimeoutNs = userTimeout * Second })
            .Elapses((expected * 1000) - 1).ExpectsState(TcpState.Established);
        peer.Poll();
        peer.Elapses(1).ExpectsError<TcpError.Timeout>();
    }
}
