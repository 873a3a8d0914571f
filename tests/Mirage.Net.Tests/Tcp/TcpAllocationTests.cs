using System.Buffers;

namespace Mirage.Net.Tests;

/// <summary>Nothing is allocated for a segment once a connection has found its size.</summary>
public sealed class TcpAllocationTests
{
    private const int Payload = 16_384;
    private static readonly byte[] s_bytes = new byte[Payload];
    private readonly byte[] _image = new byte[TcpHeader.SizeMax + 1460];
    private long _nowNs = 1;
    private int _segments;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Established_ThousandsOfSegmentsBothWays_AllocateNothing(int holes, bool isBbr)
    {
        var (a, b) = (new Endpoint(IpAddress.Parse("10.0.0.1"), 1), new Endpoint(IpAddress.Parse("10.0.0.2"), 2));
        var parameters = new TcpParameters
        {
            Mss = 1460,
            ReceiveBuffer = 1 << 18,
            Congestion = isBbr ? Bbr.Create : Cubic.Create,
        };
        var left = new End(new(a, b), parameters);
        var right = new End(new(b, a), parameters);
        left.Machine.HandleOpen(uint.MaxValue - 100_000, _nowNs);
        right.Machine.HandleSyn(Poll(left), 7, _nowNs);
        for (var round = 0; round < 100; round++)
            Round(left, right, holes);

        _segments = 0;
        var allocated = long.MaxValue;
        for (var window = 0; window < 5 || (window < 50 && allocated > 0); window++)
        {
            // The least of several: a collection for another test ends the piece that this thread allocates from.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 100; round++)
                Round(left, right, holes);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(_segments > 5000, $"{_segments} segments went.");
        Assert.Equal(0, allocated);
    }

    private void Round(End left, End right, int holes)
    {
        Write(left);
        Write(right);
        for (var turn = 0; turn < 8; turn++)
        {
            Exchange(left, right, holes);
            Exchange(right, left, holes);
            Read(left);
            Read(right);
        }

        _nowNs += 50_000_000;
        left.Machine.HandleTimeout(_nowNs);
        right.Machine.HandleTimeout(_nowNs);
    }

    private void Write(End end)
    {
        if (end.Send.Length > Payload)
            return;
        end.Send.Append(s_bytes);
        end.Machine.HandleSend(push: true, _nowNs);
    }

    private void Read(End end)
    {
        end.Machine.TryPollEvents(out _);
        end.Receive.Release(end.Receive.Length);
        end.Machine.HandleRead(_nowNs);
    }

    private void Exchange(End from, End to, int holes)
    {
        while (from.Machine.TryPollTransmit(_nowNs, out var transmit))
        {
            var length = transmit.Header.Size + transmit.Length;
            transmit.Header.Emit(_image);
            from.Send.Slice(transmit.Offset, transmit.Length).CopyTo(_image.AsSpan(transmit.Header.Size));
            if (_segments++ % 20 == 7 && transmit.Length > 0 && holes > 0)
                continue; // Lost: what follows is held beyond the hole.
            TcpSegment.Parse(_image.AsSpan(0, length), out var segment);
            to.Machine.HandleSegment(segment, _nowNs);
        }
    }

    private TcpSegment Poll(End end)
    {
        Assert.True(end.Machine.TryPollTransmit(_nowNs, out var transmit));
        return new(transmit.Header, default);
    }

    private sealed class End
    {
        private readonly BlockPool _pool = new();

        public End(TcpIdentity identity, TcpParameters parameters)
        {
            (Send, Receive) = (new(_pool), new(_pool));
            Machine = new(identity, parameters, Send, Receive);
        }

        public ByteQueue Send { get; }

        public ByteQueue Receive { get; }

        public TcpMachine Machine { get; }
    }
}
