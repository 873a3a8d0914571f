using Mirage.Net;
using System.Buffers;

namespace Mirage.Unix.Tests;

public sealed class DescriptorLinkTests
{
    private static readonly MacAddress s_mac = new(0x020000000001);

    [Fact]
    public void Written_HeaderAndManyPieces_ArriveAsOneFrame()
    {
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair();
        var link = new DescriptorLink(host, new FrameDescriptor(near, 0, 1500), s_mac);
        foreach (var pieces in (int[])[0, 1, 2, 31, 32, 200])
        {
            var payload = Pieces(pieces, 7);
            var frame = new TransmitFrame(new byte[TransmitFrame.Room], payload);
            frame.Prepend(14).Fill(0xEE);
            Assert.Equal(WriteStatus.Ok, link.Write(ref frame));

            var buffer = new byte[4096];
            var count = TestLibc.Read(far, buffer);
            Assert.Equal(14 + (7 * pieces), count);
            Assert.Equal(payload.ToArray(), buffer[14..count]);
        }

        Assert.Equal(6, link.Counters.SentFrames);
        Close(link, far);
    }

    [Fact]
    public void FrameLongerThanTheMtu_Write_IsTooLong()
    {
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair();
        var link = new DescriptorLink(host, new FrameDescriptor(near, 0, 1500), s_mac);
        Assert.Equal(WriteStatus.Ok, Send(link, 1500));
        Assert.Equal(WriteStatus.TooLong, Send(link, 1501));
        Close(link, far);
        Assert.Equal(WriteStatus.Disconnected, Send(link, 100));
    }

    [Fact]
    public void FullSocket_Write_IsFullAndCounted()
    {
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair();
        var link = new DescriptorLink(host, new FrameDescriptor(near, 0, 1500), s_mac);
        WriteStatus status;
        var sent = 0;
        while ((status = Send(link, 1500)) == WriteStatus.Ok)
            sent++;
        Assert.Equal(WriteStatus.Full, status);
        Assert.Equal(1, link.Counters.Dropped);
        Assert.Equal(sent, link.Counters.SentFrames);
        Close(link, far);
    }

    [Fact]
    public void ManyFrames_AreHandedUpInBoundedBatches()
    {
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair();
        var link = new DescriptorLink(host, new FrameDescriptor(near, 0, 1500), s_mac);
        var log = new FrameRecorder.Log();
        link.Listen(FrameSink.Of(new FrameRecorder(log)));
        for (byte number = 0; number < 130; number++)
            TestLibc.Write(far, [number, 1, 2]);

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 3, 0], TakeAll(link, log));
        Assert.Equal(Enumerable.Range(0, 130), log.Frames.Select(static frame => (int)frame.Bytes[0]));
        Close(link, far);
    }

    // Frames that each batch handed up, until one finds nothing.
    private static List<int> TakeAll(DescriptorLink link, FrameRecorder.Log log)
    {
        var batches = new List<int>();
        for (var isMore = true; isMore;)
        {
            var before = log.Count;
            isMore = link.TakeBatch();
            batches.Add(log.Count - before);
        }

        return batches;
    }

    [Fact]
    [Trait("Hostile", "40")]
    public void HostileVnetHeaders_AreDroppedAndCounted()
    {
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair();
        var link = new DescriptorLink(host, new FrameDescriptor(near, VnetHeader.Length, 1500), s_mac);
        var log = new FrameRecorder.Log();
        link.Listen(FrameSink.Of(new FrameRecorder(log)));
        SendUp(new VnetHeader(1, 0, 0, 0, 59, 0)); // The sum would end past the frame.
        SendUp(new VnetHeader(0, 1, 0, 0, 0, 0)); // Cut into packets of no bytes.
        SendUp(new VnetHeader(0, 0, 61, 0, 0, 0)); // Headers longer than the frame.
        TestLibc.Write(far, new byte[VnetHeader.Length - 1]);
        SendUp(new VnetHeader(1, 1, 54, 1448, 34, 16));
        SendUp(new VnetHeader(2, 0, 0, 0, 0, 0));
        SendUp(default);

        TakeAll(link, log);
        Assert.Equal(4, link.Counters.Dropped);
        var handedUp = log.Frames.Select(static frame => (frame.ChecksumValid, frame.SegmentSize));
        Assert.Equal([(true, 1448), (true, 0), (false, 0)], handedUp);
        Close(link, far);

        void SendUp(VnetHeader header)
        {
            var bytes = new byte[VnetHeader.Length + 60];
            header.Emit(bytes);
            TestLibc.Write(far, bytes);
        }
    }

    [Fact]
    public void Offloads_OfAFrame_AreWrittenToTheVnetHeader()
    {
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair();
        var link = new DescriptorLink(host, new FrameDescriptor(near, 12, 1500), s_mac);
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new(new byte[5000]));
        frame.Prepend(20);
        frame.RequestChecksum(16);
        frame.RequestSegmentation(Segmentation.TcpV4, 1460);
        frame.Prepend(20);
        frame.Prepend(14);
        Assert.Equal(WriteStatus.Ok, link.Write(ref frame));
        Assert.Equal(54, frame.Header.Length); // What the device prepended is taken off again.

        var buffer = new byte[6000];
        Assert.Equal(12 + 54 + 5000, TestLibc.Read(far, buffer));
        VnetHeader.Parse(buffer, out var header);
        Assert.Equal(new VnetHeader(VnetHeader.NeedsChecksum, VnetHeader.KindTcpV4, 54, 1460, 34, 16), header);
        Close(link, far);
    }

    [Fact]
    public void PeerGone_Loop_GoesOnQuietly()
    {
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair();
        var link = new DescriptorLink(host, new FrameDescriptor(near, 0, 1500), s_mac);
        _ = Libc.Close(far);
        var iterations = host.Loop.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(3), host.Time);
            return host.Loop.Iterations;
        });
        Assert.InRange(iterations, 1, 10); // A hung-up descriptor does not make the loop spin.
        Assert.Equal(WriteStatus.Full, Send(link, 100));
        link.CloseAtOnce();
    }

    [Fact]
    public void SteadyState_ReadAndWrite_AllocateNothing()
    {
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair();
        var link = new DescriptorLink(host, new FrameDescriptor(near, VnetHeader.Length, 1500), s_mac);
        link.Listen(FrameSink.Of(new FrameRecorder(new FrameRecorder.Log { Keeps = false, Awaited = -1 })));
        var (room, payload, buffer) = (new byte[TransmitFrame.Room], Pieces(3, 400), new byte[2048]);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var round = 0; round < 1000; round++)
                Exchange();
        }));
        Close(link, far);

        void Exchange()
        {
            var frame = new TransmitFrame(room, payload);
            frame.Prepend(14);
            link.Write(ref frame);
            var count = TestLibc.Read(far, buffer);
            TestLibc.Write(far, buffer.AsSpan(0, count));
            link.TakeBatch();
        }
    }

    private static WriteStatus Send(DescriptorLink link, int length)
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new(new byte[length]));
        frame.Prepend(14);
        return link.Write(ref frame);
    }

    private static void Close(DescriptorLink link, int far)
    {
        link.CloseAtOnce();
        link.CloseAtOnce();
        _ = Libc.Close(far);
    }

    private static ReadOnlySequence<byte> Pieces(int count, int length)
    {
        if (count == 0)
            return default;
        var first = new Piece(0, length);
        var last = first;
        for (var index = 1; index < count; index++)
            last = last.Append(index, length);
        return new(first, 0, last, length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(int number, int length)
        {
            var bytes = new byte[length];
            bytes.AsSpan().Fill((byte)number);
            Memory = bytes;
        }

        public Piece Append(int number, int length)
        {
            var next = new Piece(number, length) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
