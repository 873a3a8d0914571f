using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

/// <summary>A place of the grid: a state, and how it is reached.</summary>
/// <param name="State">The state.</param>
/// <param name="Written">Bytes of ours that are in flight.</param>
/// <param name="IsShut">Whether the receive window is full.</param>
/// <param name="Initial">ISS and IRS.</param>
/// <param name="Acknowledged">Bytes of ours that the peer has.</param>
public sealed record GridCase(TcpState State, int Written, bool IsShut, uint Initial, int Acknowledged = 0)
{
    private const int Receive = 4000, PeerWindow = 20, Old = 40;

    private bool IsHandshake => State is TcpState.SynSent or TcpState.SynReceived;

    private bool IsPeerClosed =>
        State is TcpState.CloseWait or TcpState.LastAck or TcpState.Closing or TcpState.TimeWait;

    private bool IsFinAcknowledged => State is TcpState.FinWait2 or TcpState.TimeWait;

    private bool IsFinInFlight => State is TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck;

    /// <summary>RCV.NXT, relative to IRS.</summary>
    internal int Next => State is TcpState.SynSent ? 0 : Text + (IsPeerClosed ? 2 : 1);

    /// <summary>SND.UNA, relative to ISS.</summary>
    internal int Unacknowledged => IsHandshake ? 0 : Acknowledged + (IsFinAcknowledged ? 2 : 1);

    private int Text => IsShut ? Receive : 0;

    /// <summary>What the rules depend on.</summary>
    internal GridConnection Connection => new(State, IsShut ? 0 : IsPeerClosed ? Receive - 1 : Receive,
        IsHandshake ? 1 : Written + (IsFinInFlight ? 1 : 0), Math.Min(PeerWindow, Unacknowledged - 1));

    /// <summary>Every state of a machine; with bytes in flight and a full window where there can be.</summary>
    internal static IEnumerable<GridCase> All()
    {
        foreach (var initial in (uint[])[1000, uint.MaxValue - 1])
        {
            foreach (var state in Enum.GetValues<TcpState>().Where(state => state is not TcpState.Closed))
            {
                yield return new(state, 0, false, initial);
                if (state is TcpState.Established or TcpState.CloseWait or TcpState.FinWait1 or TcpState.Closing
                    or TcpState.LastAck)
                    yield return new(state, 10, false, initial);
                if (state is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2)
                    yield return new(state, 0, true, initial);
                if (state is TcpState.Established or TcpState.TimeWait)
                    yield return new(state, 0, false, initial, Old);
            }
        }
    }

    /// <summary>A machine there, with nothing left to poll.</summary>
    internal TcpPeer Reach()
    {
        var parameters = Defaults with { ReceiveBuffer = Receive };
        var peer = new TcpPeer(parameters, Initial, Initial) { Window = PeerWindow }.Opens();
        peer.Poll();
        if (State is TcpState.SynReceived)
            peer.Sends(Syn, 0, options: peer.SynOptions); // Both ends began.
        else if (State is not TcpState.SynSent)
            Go(peer);
        peer.Poll();
        peer.Events();
        Assert.Equal(State, peer.Machine.State);
        return peer;
    }

    private void Go(TcpPeer peer)
    {
        peer.Sends(SynAck, 0, 1, options: peer.SynOptions);
        if (IsShut)
            peer.Sends(Ack, 1, 1, Receive);
        peer.Poll();
        for (var acknowledged = 0; acknowledged < Acknowledged; acknowledged += 10)
        {
            peer.Writes(10).Poll();
            peer.Sends(Ack, 1 + Text, acknowledged + 11);
        }

        if (Written > 0)
            peer.Writes(Written).Poll();
        if (State is TcpState.CloseWait or TcpState.LastAck)
            peer.Sends(FinAck, 1 + Text, 1 + Acknowledged);
        if (State is TcpState.Established or TcpState.CloseWait)
            return;
        peer.Closes();
        peer.Poll();
        if (IsFinAcknowledged)
            peer.Sends(Ack, 1 + Text, Unacknowledged);
        if (State is TcpState.Closing or TcpState.TimeWait)
            peer.Sends(FinAck, 1 + Text, Unacknowledged);
    }
}
