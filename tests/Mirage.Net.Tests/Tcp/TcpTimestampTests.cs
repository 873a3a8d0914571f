using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

public sealed class TcpTimestampTests
{
    private const uint Offset = 0xFFFF_0000;

    [Theory]
    [Trait("Conforms", "RFC 7323 section 3.2")]
    [Trait("Behaviour", "121")]
    [InlineData(true)]
    [InlineData(false)]
    public void SynReceived_Answer_HasTimestampsOnlyWhenTheSynHas(bool isTimed)
    {
        var peer = new TcpPeer(identity: Timed).OpensBy(options: isTimed ? At(700) : default);
        Assert.Equal(isTimed ? new TcpTimestamps(Now(peer), 700) : null, peer.PollLast().Header.Options.Timestamps);
        peer.Sends(Ack, seq: 1, ack: 1, options: isTimed ? At(701) : default)
            .ExpectsState(TcpState.Established).Writes(10);
        Assert.Equal(isTimed ? new TcpTimestamps(Now(peer), 701) : null, peer.PollLast().Header.Options.Timestamps);
    }

    [Fact]
    [Trait("Conforms", "RFC 7323 section 3.2")]
    [Trait("Behaviour", "121")]
    [Trait("Hostile", "34")]
    public void SynSent_AnswerWithoutTimestamps_TurnsThemOff()
    {
        var peer = new TcpPeer(identity: Timed).Opens();
        Assert.Equal(new TcpTimestamps(Now(peer), 0), peer.PollLast().Header.Options.Timestamps);
        peer.Sends(SynAck, seq: 0, ack: 1);
        Assert.Null(peer.PollLast().Header.Options.Timestamps);
    }

    [Fact]
    [Trait("Conforms", "RFC 7323 section 5.4")]
    [Trait("Behaviour", "121")]
    public void Established_Clock_TicksEachMillisecondFromItsOffset()
    {
        var peer = Established();
        peer.Writes(1).Elapses(0).Poll();
        var before = peer.Sends(Ack, seq: 1, ack: 2, options: At(1000)).Writes(1).PollLast().Header.Options.Timestamps;
        peer.NowNs += 250_000_000;
        peer.Sends(Ack, seq: 1, ack: 3, options: At(1000)).Writes(1);
        var after = peer.PollLast().Header.Options.Timestamps;
        Assert.Equal(250u, unchecked(after!.Value.Value - before!.Value.Value));
        Assert.Equal(unchecked(Offset + (uint)(peer.NowNs / 1_000_000)), after.Value.Value);
    }

    [Fact]
    [Trait("Conforms", "RFC 6691 section 2")]
    [Trait("Behaviour", "119")]
    public void Established_Payload_IsShorterByTheOption() =>
        Established().Writes(2 * Mss).Expects(Ack, seq: 1, length: Mss - 12)
            .Expects(Ack, seq: Mss - 11, length: Mss - 12).Expects(PshAck, length: 24).ExpectsNothing();

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.7.1")]
    [Trait("Behaviour", "118")]
    [InlineData(0, TcpLimits.MssFloor - 12)]
    [InlineData(536, 524)]
    [InlineData(9000, Mss - 12)]
    public void Established_AnyMssOfThePeer_LeavesRoomForThePayload(ushort mss, int length)
    {
        var peer = new TcpPeer(identity: Timed).OpensBy(options: At(1) with { MaximumSegmentSize = mss });
        peer.Poll();
        peer.Sends(Ack, seq: 1, ack: 1, options: At(1)).Writes(Mss).Expects(Ack, seq: 1, length: length);
    }

    // RFC 7323 section 4.3, the cases of its figure: (A) delayed acknowledgments, (B) a hole, (C) a filled hole.
    [Fact]
    [Trait("Conforms", "RFC 7323 section 4.3")]
    [Trait("Behaviour", "121")]
    public void DelayedAcknowledgment_Echo_IsOfTheFirstSegmentItIsFor()
    {
        var peer = Established();
        peer.Sends(Ack, seq: 1, ack: 1, length: 988, options: At(1001));
        peer.Sends(Ack, seq: 989, ack: 1, length: 988, options: At(1002));
        Assert.Equal(1001u, Echo(peer));
        peer.Sends(Ack, seq: 1977, ack: 1, length: 988, options: At(1003)).Elapses(40);
        Assert.Equal(1003u, Echo(peer));
    }

    [Fact]
    [Trait("Conforms", "RFC 7323 section 4.3")]
    [Trait("Behaviour", "121")]
    public void Hole_Echo_IsOfTheLastSegmentBeforeItUntilItIsFilled()
    {
        var peer = Established();
        peer.Sends(Ack, seq: 1, ack: 1, length: 100, options: At(1001)).Elapses(40);
        Assert.Equal(1001u, Echo(peer));
        peer.Sends(Ack, seq: 201, ack: 1, length: 100, options: At(1003));
        Assert.Equal(1001u, Echo(peer));
        peer.Sends(Ack, seq: 101, ack: 1, length: 100, options: At(1002));
        Assert.Equal(1002u, Echo(peer));
        peer.Sends(Ack, seq: 301, ack: 1, length: 100, options: At(1004)).Elapses(40);
        Assert.Equal(1004u, Echo(peer));
    }

    [Fact]
    [Trait("Conforms", "RFC 7323 section 3.2")]
    [Trait("Behaviour", "121")]
    [Trait("Hostile", "34")]
    public void Established_SegmentWithoutTimestamps_IsDroppedInSilenceAndCounted()
    {
        var peer = Established().Sends(Ack, seq: 1, ack: 1, length: 100).ExpectsNothing()
            .ExpectsEvents(TcpEvents.None);
        Assert.Equal(1, peer.Machine.Block.Timestamps.Missing);
        peer.Sends(Rst, seq: 1).ExpectsError<TcpError.Reset>();
    }

    [Theory]
    [Trait("Conforms", "RFC 7323 section 5.3")]
    [Trait("Behaviour", "122")]
    [InlineData(1000)]
    [InlineData(0)]
    public void Established_SegmentOfOldClock_IsDroppedAndAcknowledged(uint recent)
    {
        var peer = Established(recent);
        peer.Sends(Ack, seq: 1, ack: 1, length: 100, options: At(unchecked(recent - 1)))
            .ExpectsEvents(TcpEvents.None).Expects(Ack, seq: 1, ack: 1).ExpectsNothing();
        peer.Sends(Ack, seq: 1, ack: 1, length: 100, options: At(unchecked(recent - (1u << 31) + 1)))
            .ExpectsEvents(TcpEvents.None).Expects(Ack, ack: 1);
        Assert.Equal(2, peer.Machine.Block.Timestamps.Rejected);
        Assert.Equal(2, peer.Parameters.Tally!.Counters.PAWSEstab);
        peer.Sends(Ack, seq: 1, ack: 1, length: 100, options: At(recent)).Reads(100);
        Assert.Equal(2, peer.Machine.Block.Timestamps.Rejected);
    }

    [Fact]
    [Trait("Conforms", "RFC 7323 section 5.3")]
    [Trait("Behaviour", "122")]
    public void Established_ResetOfOldClock_Resets() =>
        Established(recent: 1000).Sends(Rst, seq: 1, options: At(1)).ExpectsError<TcpError.Reset>();

    [Theory]
    [Trait("Conforms", "RFC 7323 section 5.5")]
    [Trait("Behaviour", "122")]
    [InlineData(24.0, false)]
    [InlineData(24.01, true)]
    [Trait("Hostile", "38")]
    public void Idle_SegmentOfOldClock_IsTakenAfterTwentyFourDays(double days, bool isTaken)
    {
        var peer = Established(recent: 3_000_000_000);
        peer.NowNs += (long)(days * 24 * 3600 * 1e9);
        peer.Sends(Ack, seq: 1, ack: 1, length: 100, options: At(2_000_000_000))
            .ExpectsEvents(isTaken ? TcpEvents.Readable : TcpEvents.None);
        Assert.Equal(isTaken ? 2_000_000_000 : 3_000_000_000, peer.Machine.Block.Timestamps.Recent);
    }

    /// <summary>Whoever does not know what is in flight cannot move the clock that old segments are told by.</summary>
    [Fact]
    [Trait("Conforms", "RFC 7323 section 4.3")]
    [Trait("Behaviour", "121")]
    public void Established_SegmentThatAcknowledgesNothingSent_DoesNotMoveTheClock()
    {
        var peer = Established(recent: 1000);
        peer.Sends(Ack, seq: 1, ack: 500, options: At(900_000));
        peer.Sends(SynAck, seq: 1, ack: 1, options: At(900_000));
        Assert.Equal(1000u, peer.Machine.Block.Timestamps.Recent);
    }

    [Fact]
    [Trait("Conforms", "RFC 7323 section 3.2")]
    [Trait("Behaviour", "121")]
    public void Abort_Reset_HasTheTimestamps()
    {
        var peer = Established(recent: 1000);
        peer.Machine.HandleAbort(peer.NowNs);
        Assert.Equal(new TcpTimestamps(Now(peer), 1000), peer.PollLast().Header.Options.Timestamps);
    }

    private static TcpIdentity Timed => Ends with { TimestampOffset = Offset };

    private static TcpOptions At(uint value) => new() { Timestamps = new(value, 0) };

    private static uint Now(TcpPeer peer) => unchecked(Offset + (uint)(peer.NowNs / 1_000_000));

    private static uint Echo(TcpPeer peer) => peer.PollLast().Header.Options.Timestamps!.Value.Echo;

    private static TcpPeer Established(uint recent = 1000)
    {
        var peer = new TcpPeer(identity: Timed).OpensBy(options: At(recent) with { MaximumSegmentSize = Mss });
        peer.Poll();
        peer.Sends(Ack, seq: 1, ack: 1, options: At(recent)).ExpectsNothing().Events();
        return peer;
    }
}
