using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>The receive buffer follows what the application drains in a round trip.</summary>
public sealed class TcpReceiveBufferTests
{
    private const int Initial = 1 << 17, Max = 6 << 20, Trip = 50;

    [Theory]
    [Trait("Behaviour", "123")]
    [InlineData(true)]
    [InlineData(false)] // Without timestamps a round trip is known only when a window has gone by.
    public void FastReader_SenderInSlowStart_IsNotHeldBackByTheBuffer(bool isTimed)
    {
        var peer = Established(Tuned, isTimed);
        var (sent, edge) = (1, peer.Machine.Block.Window.Edge);
        for (var flight = 14_600; flight < Max; flight *= 2)
        {
            var room = RoomOf(peer);
            Assert.True(!isTimed || room >= Math.Min(flight, Max / 2), $"{flight} bytes are to go, and {room} may.");
            Flight(peer, ref sent, Math.Min(flight, room), isTimed, isRead: true);
            Assert.True(edge.IsUpTo(peer.Machine.Block.Window.Edge), "What was promised is taken.");
            edge = peer.Machine.Block.Window.Edge;
        }

        for (var trip = 0; trip < 20; trip++)
            Flight(peer, ref sent, RoomOf(peer), isTimed, isRead: true);
        Assert.Equal(Max, peer.Machine.Block.Buffer.Bytes);
    }

    [Fact]
    [Trait("Behaviour", "123")]
    public void SlowReader_SenderThatFillsTheWindow_DoesNotMakeItGrow()
    {
        var peer = Established(Tuned, isTimed: true);
        var sent = 1;
        for (var trip = 0; trip < 100; trip++)
        {
            Flight(peer, ref sent, Math.Min(20_000, RoomOf(peer)), isTimed: true, isRead: false);
            peer.Reads(Math.Min(1000, peer.ReceiveQueue.Length));
        }

        Assert.Equal(Initial, peer.Machine.Block.Buffer.Bytes);
        Assert.InRange(peer.ReceiveQueue.Length, 0, peer.Machine.Block.Window.BytesMax);
    }

    [Fact]
    public void BudgetSpent_FastReader_KeepsWhatItHasAndGivesItBackInTheEnd()
    {
        var budget = new TcpReceiveBudget(1_000_000);
        var peer = Established(Tuned with { ReceiveBudget = budget }, isTimed: true);
        var sent = 1;
        for (var flight = 14_600; flight < Max / 8; flight *= 2)
            Flight(peer, ref sent, Math.Min(flight, RoomOf(peer)), isTimed: true, isRead: true);
        Assert.InRange(budget.Taken, 1, 1_000_000);
        Assert.Equal(Initial + budget.Taken, peer.Machine.Block.Buffer.Bytes);
        peer.Machine.HandleAbort(peer.NowNs);
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public void Budget_OneByteTooMany_IsRefused()
    {
        var budget = new TcpReceiveBudget(100);
        Assert.True(budget.TryTake(100));
        Assert.False(budget.TryTake(1));
        budget.Return(1);
        Assert.True(budget.TryTake(1));
    }

    [Fact]
    [Trait("Conforms", "RFC 7323 section 2.3")]
    [Trait("Behaviour", "120")]
    public void Scale_BufferThatGrows_IsForItsLimit()
    {
        var syn = new TcpPeer(Tuned).Opens().PollLast();
        Assert.Equal((byte)7, syn.Header.Options.WindowScale);
        Assert.Equal(65_535, syn.Header.Window);
    }

    /// <summary>An echo is what the peer likes to say.</summary>
    [Fact]
    [Trait("Conforms", "RFC 7323 section 4.1")]
    [Trait("Hostile", "39")]
    public void EchoOfAnyClock_Buffer_StaysWithinItsLimits()
    {
        var peer = Established(Tuned, isTimed: true);
        var random = new Random(5);
        for (var sent = 1; sent < 3_000_000; sent += 50_000)
        {
            peer.NowNs += 10_000_000;
            peer.Sends(Ack, sent, ack: 1, length: 50_000, options: Echo(peer, (uint)random.Next()));
            peer.Poll();
            peer.Reads(50_000);
            Assert.InRange(peer.Machine.Block.Buffer.Bytes, Initial, Max);
        }
    }

    private static TcpParameters Tuned => Defaults with { ReceiveBuffer = Initial, ReceiveBufferMax = Max };

    private static TcpPeer Established(TcpParameters parameters, bool isTimed)
    {
        var peer = new TcpPeer(parameters);
        peer.OpensBy(options: Options(peer, isTimed) with { WindowScale = 7, MaximumSegmentSize = Mss }).Poll();
        peer.NowNs += Trip * 1_000_000L;
        peer.Sends(Ack, seq: 1, ack: 1, options: Options(peer, isTimed)).ExpectsNothing().Events();
        return peer;
    }

    private static int RoomOf(TcpPeer peer) => peer.Machine.Block.Window.Size(peer.Machine.Block.Receiver.Next);

    // What goes within one round trip arrives at its end, is acknowledged and read.
    private static void Flight(TcpPeer peer, ref int sent, int bytes, bool isTimed, bool isRead)
    {
        var options = Options(peer, isTimed);
        peer.NowNs += Trip * 1_000_000L;
        for (var end = sent + bytes; sent < end;)
        {
            var length = Math.Min(10_000, end - sent);
            peer.Sends(Ack, sent, ack: 1, length, options);
            sent += length;
            peer.Poll();
            if (isRead)
                peer.Reads(length);
        }

        peer.Machine.Block.Acknowledger.OweNow();
        peer.Poll();
    }

    private static TcpOptions Options(TcpPeer peer, bool isTimed) =>
        isTimed ? Echo(peer, peer.Machine.Block.Timestamps.Clock(peer.NowNs)) : default;

    private static TcpOptions Echo(TcpPeer peer, uint echo) =>
        new() { Timestamps = new((uint)(peer.NowNs / 1_000_000), echo) };
}
