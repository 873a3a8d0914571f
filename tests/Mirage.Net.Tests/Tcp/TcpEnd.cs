using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>One end of a <see cref="TcpLink"/>: a machine with its queues, and an application that writes, reads and
/// closes.</summary>
internal sealed class TcpEnd
{
    private const int SendQueueMax = 60_000;
    private readonly TcpIdentity _identity;
    private readonly BlockPool _pool = new();
    private readonly ByteQueue _send;
    private readonly ByteQueue _receive;
    private int _written;
    private int _read;
    private uint _edge;
    private bool _hasEdge;

    public TcpEnd(TcpIdentity identity, TcpParameters parameters, int total)
    {
        (_identity, Total) = (identity, total);
        (_send, _receive) = (new(_pool), new(_pool));
        Machine = new(identity, parameters, _send, _receive);
    }

    public TcpMachine Machine { get; }

    private IpAddress Local => _identity.Local.Address;

    private IpAddress Remote => _identity.Remote.Address;

    /// <summary>Bytes that it writes in all.</summary>
    public int Total { get; }

    public TcpEvents Seen { get; private set; }

    public bool IsDone => IsOver && Seen != TcpEvents.None && _receive.Length == 0;

    /// <summary>Whether the application would do something by itself soon.</summary>
    public bool IsBusy => _receive.Length > 0 || (_written < Total && _send.Length < SendQueueMax && !IsOver);

    private bool IsOver => Machine.State is TcpState.Closed or TcpState.TimeWait;

    public void Apply(SplitMix64 random, long nowNs)
    {
        if (Machine.TryPollEvents(out var events))
            Seen |= events;
        var room = Math.Min(Total - _written, SendQueueMax - _send.Length);
        if (room > 0 && Machine.State is not TcpState.Closed && random.Next(3) != 0)
        {
            var bytes = new byte[Math.Min(room, 1 + random.Next(9000))];
            for (var index = 0; index < bytes.Length; index++)
                bytes[index] = TcpPeer.At(_written++);
            _send.Append(bytes);
            Machine.HandleSend(push: random.Next(4) != 0, nowNs);
        }

        if (_written == Total && Machine.State is TcpState.Established or TcpState.CloseWait)
            Machine.HandleClose(nowNs);
        if (_receive.Length > 0 && random.Next(3) != 0)
            Read(1 + random.Next(_receive.Length), nowNs);
    }

    public byte[] Image(in TcpTransmit transmit, int cut)
    {
        var length = Math.Min(transmit.SegmentSize, transmit.Length - cut);
        var isLast = cut + length == transmit.Length;
        var header = transmit.Header with
        {
            Sequence = transmit.Header.Sequence.Plus(cut),
            Flags = isLast ? transmit.Header.Flags : transmit.Header.Flags & ~(TcpFlags.Fin | TcpFlags.Psh),
        };
        var image = new byte[header.Size + length];
        header.Emit(image);
        _send.Slice(transmit.Offset + cut, length).CopyTo(image.AsSpan(header.Size));
        return image;
    }

    /// <summary>A segment arrives.</summary>
    /// <returns>The reset that answers it when the connection is over; or null.</returns>
    public byte[]? Receive(byte[] image, SplitMix64 random, long nowNs)
    {
        Assert.Equal(ParseStatus.Ok, TcpSegment.Parse(image, out var segment));
        if (Machine.State is TcpState.Closed && Seen != TcpEvents.None)
        {
            if (!TcpReset.For(segment, out var reset))
                return null;
            var answer = new byte[reset.Size];
            reset.Emit(answer);
            return answer;
        }

        if (Machine.State is TcpState.Closed && TcpListen.Judge(segment, Remote, Local) is TcpListenAnswer.Open)
            Machine.HandleSyn(segment, (uint)random.Next(), nowNs);
        else
            Machine.HandleSegment(segment, nowNs);
        if (Machine.TryPollEvents(out var events))
            Seen |= events;
        return null;
    }

    public void Check()
    {
        var block = Machine.Block;
        Assert.InRange(_receive.Length, 0, block.Window.BytesMax);
        Assert.InRange(_send.Length, 0, SendQueueMax);
        Assert.InRange(block.Recovery.InFlight, 0, block.Space.InFlight);
        if (Machine.State < TcpState.SynReceived)
            return;
        Assert.True(!_hasEdge || _edge.IsUpTo(block.Window.Edge), "The right edge of the window stays or moves on.");
        (_edge, _hasEdge) = (block.Window.Edge, true);
    }

    public void CheckEnd(int expected)
    {
        // In LAST-ACK an end whose acknowledgments are all lost outlives the peer's TIME-WAIT, and cannot know that all
        // arrived.
        var isClosing = _written == Total && (Seen & TcpEvents.EndOfStream) != 0;
        Assert.True(Machine.Error is null || isClosing, $"{Machine.Error}. {this}");
        Assert.Equal((expected, Total), (_read, _written));
        if (Machine.Error is not null)
            _send.Clear(); // What was not acknowledged is its owner's to drop.
        Assert.Equal(TcpEvents.EndOfStream, Seen & TcpEvents.EndOfStream);
        if (Machine.Error is not null)
            _send.Clear(); // As a connection does with what was never acknowledged.
        Assert.True(_pool.Rented == 0, $"{_pool.Rented} rented. {this} {Machine.Error}");
    }

    public override string ToString() =>
        $"{Machine.State} wrote {_written} of {Total}, {Machine.Block.Space.InFlight} in flight, read {_read}";

    private void Read(int count, long nowNs)
    {
        foreach (var memory in _receive.Slice(0, count))
        {
            foreach (var value in memory.Span)
            {
                if (value != TcpPeer.At(_read))
                    Assert.Fail($"Byte {_read} is another one.");
                _read++;
            }
        }

        _receive.Release(count);
        Machine.HandleRead(nowNs);
    }
}
