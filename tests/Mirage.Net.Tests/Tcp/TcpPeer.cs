using System.Buffers;

namespace Mirage.Net.Tests;

/// <summary>The peer of one machine, played by a test at the level of segments, in virtual time.</summary>
/// <remarks>Numbers are relative: each end's SYN is 0 and its first byte is 1, wherever the two initial numbers lie.
/// The bytes of both streams follow <see cref="At"/>, and whatever the machine sends or delivers is compared with
/// it.</remarks>
internal sealed class TcpPeer
{
    public const ushort LocalPort = 80, RemotePort = 4321;
    public const int Mss = 1000;
    public const int WindowDefault = 30_000;

    public const TcpFlags Syn = TcpFlags.Syn, Ack = TcpFlags.Ack, Fin = TcpFlags.Fin, Rst = TcpFlags.Rst;
    public const TcpFlags Psh = TcpFlags.Psh;
    public const TcpFlags SynAck = Syn | Ack, FinAck = Fin | Ack, RstAck = Rst | Ack, PshAck = Psh | Ack;

    private static readonly TcpOptions s_syn = new() { MaximumSegmentSize = Mss };
    private readonly uint _localInitial;
    private readonly uint _remoteInitial;
    private int _written;
    private int _read;

    public TcpPeer(TcpParameters? parameters = null, uint localInitial = 1000, uint remoteInitial = 5000,
        TcpIdentity? identity = null)
    {
        (_localInitial, _remoteInitial) = (localInitial, remoteInitial);
        Parameters = parameters ?? Defaults;
        SendQueue = new(Pool);
        ReceiveQueue = new(Pool);
        Machine = new(identity ?? Ends, Parameters, SendQueue, ReceiveQueue);
    }

    public static TcpIdentity Ends { get; } =
        new(new(IpAddress.Parse("10.0.0.1"), LocalPort), new(IpAddress.Parse("10.0.0.2"), RemotePort));

    public static TcpParameters Defaults => new()
    {
        Mss = Mss,
        Congestion = NewReno.Create,
        ReceiveBuffer = 20_000,
        ReceiveBufferMax = 0,
        QuickAcks = 0,
        Nagle = false,
        Pacing = false,
        Tally = new(),
    };

    public BlockPool Pool { get; } = new();

    public TcpParameters Parameters { get; }

    public ByteQueue SendQueue { get; }

    public ByteQueue ReceiveQueue { get; }

    public TcpMachine Machine { get; }

    public long NowNs { get; set; } = 1_000_000_000_000;

    /// <summary>The window that the peer offers with what it sends.</summary>
    public int Window { get; set; } = WindowDefault;

    /// <summary>What the peer's SYN has in <see cref="In"/>. With timestamps, all of its segments have them.</summary>
    public TcpOptions SynOptions { get; init; } = s_syn;

    /// <summary>The byte at a place of either stream.</summary>
    public static byte At(int place) => (byte)((place * 7) + (place >> 8));

    /// <summary>A connection in a state, with no byte sent either way and nothing left to poll.</summary>
    public static TcpPeer In(TcpState state, TcpParameters? parameters = null, uint localInitial = 1000,
        uint remoteInitial = 5000, TcpOptions? syn = null, int window = WindowDefault, TcpIdentity? identity = null)
    {
        var peer = new TcpPeer(parameters, localInitial, remoteInitial, identity)
        {
            SynOptions = syn ?? s_syn,
            Window = window,
        };
        peer.Reach(state);
        peer.Poll();
        peer.Events();
        Assert.Equal(state, peer.Machine.State);
        return peer;
    }

    public TcpPeer Opens()
    {
        Machine.HandleOpen(_localInitial, NowNs);
        return this;
    }

    /// <summary>A SYN arrives at a listener, which makes the machine.</summary>
    public TcpPeer OpensBy(TcpFlags flags = Syn, int length = 0, TcpOptions options = default, byte ecn = 0)
    {
        Machine.HandleSyn(Segment(flags, 0, 0, length, options, ecn), _localInitial, NowNs);
        return this;
    }

    /// <summary>An established connection of a round trip of 100 ms with <paramref name="bytes"/> in flight, to a peer
    /// that acknowledges selectively.</summary>
    public static TcpPeer Selective(int bytes, int written = 0, TcpParameters? parameters = null, uint local = 1000)
    {
        var peer = new TcpPeer(parameters, local) { Window = 60_000 }.Opens().Expects(Syn).Elapses(100)
            .Sends(SynAck, seq: 0, ack: 1, options: new() { MaximumSegmentSize = Mss, SackPermitted = true })
            .Expects(Ack).Writes(Math.Max(bytes, written));
        Assert.Equal(bytes, peer.Poll().Sum(piece => piece.Length));
        peer.Events();
        return peer;
    }

    /// <summary>An acknowledgment arrives with blocks of what is in beyond a hole.</summary>
    public TcpPeer Sacks(int ack, params (int Start, int End)[] blocks)
    {
        var sack = blocks.Select(block => new TcpSackBlock(Number(block.Start), Number(block.End))).ToArray();
        return Sends(Ack, seq: 1, ack: ack, options: new() { Sack = new(sack) });

        uint Number(int place) => _localInitial.Plus(place);
    }

    public TcpPeer Sends(
        TcpFlags flags, int seq, int ack = 0, int length = 0, TcpOptions options = default, byte ecn = 0)
    {
        Machine.HandleSegment(Segment(flags, seq, ack, length, options, ecn), NowNs);
        return this;
    }

    public TcpSegment Segment(
        TcpFlags flags, int seq, int ack = 0, int length = 0, TcpOptions options = default, byte ecn = 0)
    {
        var payload = new byte[length];
        var place = (flags & Syn) != 0 ? seq + 1 : seq;
        for (var index = 0; index < length; index++)
            payload[index] = At(place + index);
        var number = (flags & Ack) != 0 ? _localInitial.Plus(ack) : 0;
        var header = new TcpHeader(RemotePort, LocalPort, _remoteInitial.Plus(seq), number, flags, (ushort)Window);
        options = options with { Timestamps = options.Timestamps ?? SynOptions.Timestamps };
        return new(header with { Options = options }, payload) { Ecn = ecn };
    }

    /// <summary>An ICMP error quotes a segment that began at <paramref name="seq"/>.</summary>
    public TcpPeer Complains(IcmpUnreachable reason, int seq, int mtu = 0)
    {
        var (local, remote) = (Ends.Local.Address, Ends.Remote.Address);
        Machine.HandleUnreachable(new(local, remote, IpProtocol.Tcp, reason, mtu), _localInitial.Plus(seq), NowNs);
        return this;
    }

    public TcpPeer Writes(int count, bool push = true)
    {
        for (var index = 0; index < count; index++)
            SendQueue.Append([At(1 + _written++)]);
        Machine.HandleSend(push, NowNs);
        return this;
    }

    public TcpPeer Closes()
    {
        Machine.HandleClose(NowNs);
        return this;
    }

    /// <summary>The application takes bytes, which are compared with the stream.</summary>
    public TcpPeer Reads(int count)
    {
        Assert.True(ReceiveQueue.Length >= count, $"{count} bytes are read and {ReceiveQueue.Length} are there.");
        foreach (var value in ReceiveQueue.Slice(0, count).ToArray())
            Assert.Equal(At(1 + _read++), value);
        ReceiveQueue.Release(count);
        Machine.HandleRead(NowNs);
        return this;
    }

    /// <summary>Time passes; timers fire when they are due.</summary>
    public TcpPeer Elapses(double milliseconds)
    {
        var end = NowNs + (long)(milliseconds * 1e6);
        while (Machine.NextTimeoutNs is { } due && due <= end)
        {
            NowNs = Math.Max(NowNs, due);
            Machine.HandleTimeout(NowNs);
            Assert.False(Machine.NextTimeoutNs <= NowNs, "A timer that has fired is over.");
            if (Machine.NextTimeoutNs is { } next && next <= end)
                Drained.AddRange(Poll());
        }

        NowNs = end;
        return this;
    }

    /// <summary>What was sent while time passed, before the last timer of <see cref="Elapses"/>.</summary>
    public List<TcpSent> Drained { get; } = [];

    /// <summary>Time passes to the next timer, which fires.</summary>
    public TcpPeer ElapsesToTimeout() => Elapses((Machine.NextTimeoutNs!.Value - NowNs) / 1e6);

    public TcpPeer Expects(TcpFlags flags, int? seq = null, int? ack = null, int? length = null, int? window = null)
    {
        Assert.True(TryPoll(out var sent), $"{flags} is expected and nothing is sent.");
        Assert.Equal(flags, sent.Flags);
        if (seq is not null)
            Assert.Equal(seq, sent.Seq);
        if (ack is not null)
            Assert.Equal(ack, sent.Ack);
        if (window is not null)
            Assert.Equal(window, sent.Header.Window);
        Assert.Equal(length ?? 0, sent.Length);
        return this;
    }

    public TcpPeer ExpectsNothing()
    {
        Assert.False(TryPoll(out var sent), $"Nothing is expected, and {sent} is sent.");
        return this;
    }

    public TcpPeer ExpectsState(TcpState state)
    {
        Assert.Equal(state, Machine.State);
        return this;
    }

    public TcpPeer ExpectsEvents(TcpEvents events)
    {
        Assert.Equal(events, Events());
        return this;
    }

    public TcpPeer ExpectsError<T>() where T : TcpError
    {
        Assert.IsType<T>(Machine.Error);
        return ExpectsState(TcpState.Closed);
    }

    public TcpEvents Events() => Machine.TryPollEvents(out var events) ? events : TcpEvents.None;

    /// <summary>The blocks of an acknowledgment, relative like all numbers here.</summary>
    public (int Start, int End)[] Blocks(TcpSent sent)
    {
        var sack = sent.Header.Options.Sack;
        int Number(uint sequence) => _remoteInitial.DistanceTo(sequence);
        return [.. Enumerable.Range(0, sack.Count).Select(at => (Number(sack[at].Start), Number(sack[at].End)))];
    }

    public TcpSent PollLast() => Poll()[^1];

    /// <summary>Everything that the machine sends now.</summary>
    public List<TcpSent> Poll()
    {
        var all = new List<TcpSent>();
        while (TryPoll(out var sent))
        {
            all.Add(sent);
            Assert.True(all.Count < 10_000, "The machine stops sending at some time.");
        }

        return all;
    }

    private bool TryPoll(out TcpSent sent)
    {
        sent = default;
        if (!Machine.TryPollTransmit(NowNs, out var transmit))
            return false;
        var header = transmit.Header;
        Assert.Equal((LocalPort, RemotePort), (header.SourcePort, header.DestinationPort));
        var seq = _localInitial.DistanceTo(header.Sequence);
        var ack = (header.Flags & Ack) != 0 ? _remoteInitial.DistanceTo(header.Acknowledgment) : 0;
        sent = new(header, seq, ack, transmit.Length, transmit.SegmentSize, transmit.Ecn);
        if (transmit.Length > 0)
        {
            var payload = SendQueue.Slice(transmit.Offset, transmit.Length).ToArray();
            for (var index = 0; index < payload.Length; index++)
                Assert.Equal(At(seq + index), payload[index]);
        }

        return true;
    }

    private void Reach(TcpState state)
    {
        if (state is TcpState.SynSent)
            Opens();
        if (state is TcpState.Closed or TcpState.SynSent)
            return;

        OpensBy(options: SynOptions);
        Poll();
        if (state is TcpState.SynReceived)
            return;
        Sends(Ack, seq: 1, ack: 1);
        if (state is TcpState.CloseWait or TcpState.LastAck)
            Sends(FinAck, seq: 1, ack: 1);
        if (state is TcpState.Established or TcpState.CloseWait)
            return;
        Closes();
        Poll();
        if (state is TcpState.FinWait2 or TcpState.TimeWait)
            Sends(Ack, seq: 1, ack: 2);
        if (state is TcpState.TimeWait)
            Sends(FinAck, seq: 1, ack: 2);
        if (state is TcpState.Closing)
            Sends(FinAck, seq: 1, ack: 1);
    }
}
