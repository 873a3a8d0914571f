using Mirage.Testing;
using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>What is left in TIME-WAIT answers as the whole connection would.</summary>
[Trait("Conforms", "RFC 9293 section 3.10.7.4")]
[Trait("Behaviour", "105")]
public sealed class TcpTimeWaitTests : IDisposable
{
    private const int Receive = 4000;

    private static readonly TcpFlags[] s_kinds =
    [
        TcpFlags.None, Ack, Syn, SynAck, Fin, FinAck, Rst, RstAck, PshAck, Syn | Fin, Syn | Rst, Fin | Rst | Ack,
        TcpFlags.Urg | Ack, (TcpFlags)255,
    ];

    private static readonly int[] s_sequences =
        [-1, 0, 1, 2, 3, 4, Receive, Receive + 1, Receive + 2, Receive + 3, 1 << 30, int.MinValue];

    private static readonly int[] s_acknowledgments = [-40_000, -1, 0, 1, 2, 3, 1 << 30, int.MinValue];

    private readonly SimHost _host = new(seed: 13);

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(1000)]
    [InlineData(uint.MaxValue - 1)]
    public void AnySegmentAtAnyEdge_IsAnsweredAsByAMachine(uint initial)
    {
        foreach (var kind in s_kinds)
        {
            foreach (var seq in s_sequences)
            {
                foreach (var ack in s_acknowledgments)
                {
                    foreach (var length in new[] { 0, 1, 10, Receive + 10 })
                        Check(initial, kind, seq, ack, length);
                }
            }
        }
    }

    [Theory]
    [Trait("Conforms", "RFC 6191 section 2")]
    [Trait("Behaviour", "106")]
    [InlineData(Syn, 3, true)]
    [InlineData(Syn, 2, false)]
    [InlineData(Syn, -1000, false)]
    [InlineData(SynAck, 3, false)]
    [InlineData(Syn | Fin, 3, false)]
    [InlineData(Syn | Rst, 3, false)]
    [InlineData(Ack, 3, false)]
    public void Syn_ReplacesTheConnectionOnlyWithNewNumbers(TcpFlags flags, int seq, bool expected)
    {
        var (peer, waiting) = Pair(1000);
        Assert.Equal(expected, waiting.IsReplacedBy(peer.Segment(flags, seq), hasTimestamps: true));
    }

    [Theory]
    [Trait("Conforms", "RFC 6191 section 2")]
    [Trait("Behaviour", "106")]
    [InlineData(100u, 101u, -1000, true, true)]
    [InlineData(100u, 100u, 3, true, true)]
    [InlineData(100u, 100u, 2, true, false)]
    [InlineData(100u, 99u, 1000, true, false)]
    [InlineData(uint.MaxValue, 1u, -1000, true, true)] // The clock has wrapped.
    [InlineData(100u, null, 3, true, true)] // The SYN has none.
    [InlineData(100u, null, 2, true, false)]
    [InlineData(null, 1u, -1000, true, true)] // The old connection had none.
    [InlineData(null, 1u, -1000, false, false)] // The new one would not have any either.
    [InlineData(null, 1u, 3, false, true)]
    public void Syn_ReplacesTheConnectionWithANewerTimestamp(
        uint? recent, uint? timestamp, int seq, bool hasTimestamps, bool expected)
    {
        var (peer, waiting) = Pair(1000, recent);
        TcpOptions options = new() { Timestamps = timestamp is { } value ? new(value, 0) : null };
        Assert.Equal(expected, waiting.IsReplacedBy(peer.Segment(Syn, seq, options: options), hasTimestamps));
    }

    [Fact]
    [Trait("Conforms", "RFC 5961 section 7")]
    [Trait("Behaviour", "110")]
    [Trait("Hostile", "16")]
    public void FloodOfSyns_IsChallengedToTheLimit()
    {
        var (peer, waiting) = Pair(1000);
        for (var count = 0; count < TcpLimits.ShadowChallengesMax; count++)
            Assert.Equal(TcpTimeWaitAnswer.Acknowledge, waiting.Handle(peer.Segment(Syn, 0)));
        Assert.Equal(TcpTimeWaitAnswer.Drop, waiting.Handle(peer.Segment(Syn, 0)));
        Assert.Equal(TcpTimeWaitAnswer.Restart, waiting.Handle(peer.Segment(FinAck, 1, 2)));
    }

    [Fact]
    [Trait("Hostile", "18")]
    public void TimeWait_CostsAtMostTwoHundredBytes_AndTheOldestGoesWhenThereAreTooMany() => _host.Run(async () =>
    {
        var site = new TcpSite(_host);
        var waits = site.Engine.TimeWaits;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < TcpLimits.TimeWaitMax; number++)
            waits.Add(new(TcpSite.Local, TcpSite.Client(number)), default);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / TcpLimits.TimeWaitMax, 100, 200);

        before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < 1000; number++)
            waits.Add(new(TcpSite.Local, TcpSite.Client(TcpLimits.TimeWaitMax + number)), default);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal((TcpLimits.TimeWaitMax, 1000), (waits.Count, site.Counters.TCPTimeWaitOverflow));
        Assert.False(waits.Contains(new(TcpSite.Local, TcpSite.Client(999))));
        Assert.True(waits.Contains(new(TcpSite.Local, TcpSite.Client(1000))));
        await Task.Delay(TimeSpan.FromSeconds(59), _host.Time);
        Assert.Equal(TcpLimits.TimeWaitMax, waits.Count);
        await Task.Delay(TimeSpan.FromSeconds(2), _host.Time);
        Assert.Equal(0, waits.Count);
        await site.Disconnect();
    });

    private static void Check(uint initial, TcpFlags kind, int seq, int ack, int length)
    {
        var (peer, waiting) = Pair(initial);
        var segment = peer.Segment(kind, seq, ack, length);
        peer.NowNs += 1_000_000;
        var before = peer.Machine.NextTimeoutNs;
        var answer = waiting.Handle(segment);
        peer.Machine.HandleSegment(segment, peer.NowNs);
        var sent = peer.Poll();
        var expected = sent.Count == 0 ? TcpTimeWaitAnswer.Drop
            : peer.Machine.NextTimeoutNs != before ? TcpTimeWaitAnswer.Restart
            : TcpTimeWaitAnswer.Acknowledge;
        Assert.True(expected == answer, $"{answer} and not {expected}: {kind} {seq} {ack} {length}");
        if (sent.Count > 0)
            Assert.Equal(Assert.Single(sent).Header, waiting.Acknowledgment(clock: 1));
    }

    private static (TcpPeer Peer, TcpTimeWait Waiting) Pair(uint initial, uint? recent = null)
    {
        var peer = In(TcpState.TimeWait, Defaults with { ReceiveBuffer = Receive }, initial, initial);
        var waiting = new TcpTimeWait { Key = TcpPeer.Ends.Key };
        waiting.Start(peer.Machine.Residue with { Timestamp = recent });
        return (peer, waiting);
    }
}
