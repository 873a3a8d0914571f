using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>Every state, every kind of segment, every edge of the window: what holds whatever happens.</summary>
[Trait("Conforms", "RFC 9293 section 3.10.7")]
public sealed class TcpGridTests
{
    private const int Receive = 4000;

    private static readonly TcpFlags[] s_kinds =
    [
        TcpFlags.None, Ack, Syn, SynAck, Fin, FinAck, Rst, RstAck, PshAck, Syn | Fin, Syn | Rst, Syn | Fin | Ack,
        Fin | Rst | Ack, TcpFlags.Urg | Ack, (TcpFlags)255,
    ];

    private static readonly int[] s_sequences =
        [-1, 0, 1, 2, 3, Receive - 1, Receive, Receive + 1, Receive + 2, 1 << 30, int.MinValue];

    private static readonly int[] s_acknowledgments = [-40_000, -1, 0, 1, 2, 3, 1 << 30, int.MinValue];

    public static TheoryData<TcpState, uint> States()
    {
        var data = new TheoryData<TcpState, uint>();
        foreach (var state in Enum.GetValues<TcpState>())
        {
            data.Add(state, 1000);
            data.Add(state, uint.MaxValue - 1);
        }

        return data;
    }

    [Theory]
    [Trait("Behaviour", "111")]
    [Trait("Behaviour", "107")]
    [Trait("Behaviour", "108")]
    [Trait("Behaviour", "109")]
    [MemberData(nameof(States))]
    public void AnyState_AnySegmentAtAnyEdge_KeepsWhatMustHold(TcpState state, uint initial)
    {
        foreach (var kind in s_kinds)
        {
            foreach (var seq in s_sequences)
            {
                foreach (var ack in s_acknowledgments)
                {
                    foreach (var length in new[] { 0, 1, 10, Receive + 10 })
                        Check(state, initial, kind, seq, ack, length);
                }
            }
        }
    }

    private static void Check(TcpState state, uint initial, TcpFlags kind, int seq, int ack, int length)
    {
        var peer = In(state, Defaults with { ReceiveBuffer = Receive }, initial, initial);
        var receiver = peer.Machine.Block.Receiver;
        var (next, edge) = (receiver.Next, peer.Machine.Block.Window.Edge);
        peer.Sends(kind, seq, ack, length);
        var sent = peer.Poll();
        var after = peer.Machine.State;

        Assert.InRange(sent.Count, 0, 1);
        var isEdgeKept = edge.IsUpTo(peer.Machine.Block.Window.Edge);
        Assert.True(isEdgeKept || state < TcpState.SynReceived, "The right edge stays or moves on.");
        Assert.InRange(peer.ReceiveQueue.Length, 0, Receive);
        Assert.True(next.IsUpTo(receiver.Next) || state < TcpState.SynReceived, "What is received stays received.");
        Assert.Equal(peer.Machine.Error is not null, (peer.Events() & TcpEvents.Failed) != 0);
        if (after is not (TcpState.Established or TcpState.CloseWait or TcpState.FinWait2))
            // Something always ends these states.
            Assert.Equal(after is not TcpState.Closed, peer.Machine.NextTimeoutNs is not null);
        if ((kind & Rst) != 0)
            CheckReset((state, after), kind, seq, ack, sent);
        else if (state > TcpState.SynReceived && (kind & Syn) != 0)
            Assert.True(after == state && sent is [{ Flags: Ack }], "A SYN is challenged: RFC 5961 section 4.2.");
        else if (state > TcpState.SynReceived && (kind & Ack) == 0)
            Assert.Equal(state, after);
        foreach (var reset in sent.Where(segment => (segment.Flags & Rst) != 0))
            Assert.True(state is TcpState.SynSent or TcpState.SynReceived, "Only a handshake is refused by a reset.");
    }

    private static void CheckReset((TcpState, TcpState) states, TcpFlags kind, int seq, int ack, List<TcpSent> sent)
    {
        var (state, after) = states;
        Assert.DoesNotContain(sent, segment => (segment.Flags & Rst) != 0); // A reset is never answered by one.
        var isExact = state switch
        {
            TcpState.Closed or TcpState.TimeWait => false,
            TcpState.SynSent => (kind & Ack) != 0 && ack == 1,
            TcpState.CloseWait or TcpState.Closing or TcpState.LastAck => seq == 2,
            _ => seq == 1,
        };
        if (state is TcpState.SynReceived && (kind & Syn) != 0)
            return;
        Assert.Equal(isExact ? TcpState.Closed : state, after);
    }
}
