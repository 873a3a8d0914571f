using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class VirtualPairTests : IDisposable
{
    private readonly SimHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Frames_ArriveAtTheOtherEnd_InOrder()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            var (atLeft, atRight) = (FrameCollector.On(left), FrameCollector.On(right));
            for (var number = 0; number < 500; number++)
                Assert.Equal(WriteStatus.Ok, left.Send(FrameSender.Numbered(number)));
            Assert.Empty(atRight); // Not inside the call of the sender.
            await Settle(_host);
            Assert.Equal(Enumerable.Range(0, 500), atRight.Select(FrameSender.NumberOf));
            Assert.Empty(atLeft);
            Assert.Equal(new(0, 0, 500, 32_000, 0), VirtualPort.Counters(left));
            Assert.Equal(new(500, 32_000, 0, 0, 0), VirtualPort.Counters(right));
        });
    }

    [Fact]
    public void SenderReusesItsBuffer_TheFrameKeepsItsBytes()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            var received = FrameCollector.On(right);
            var bytes = FrameSender.Numbered(7);
            left.Send(bytes);
            bytes.AsSpan().Clear();
            await Settle(_host);
            Assert.Equal([7], received.Select(FrameSender.NumberOf));
        });
    }

    [Fact]
    public void QueueIsFull_TheNextFrameIsDroppedAndCounted()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host, new() { QueueFrames = 3 });
            var received = FrameCollector.On(right);
            var statuses = Enumerable.Range(0, 4).Select(number => left.Send(FrameSender.Numbered(number))).ToList();
            Assert.Equal([WriteStatus.Ok, WriteStatus.Ok, WriteStatus.Ok, WriteStatus.Full], statuses);
            await Settle(_host);
            Assert.Equal([0, 1, 2], received.Select(FrameSender.NumberOf));
            Assert.Equal(1, VirtualPort.Counters(right).Dropped);
            Assert.Equal(1, VirtualPort.Counters(left).Dropped);
        });
    }

    [Theory]
    [InlineData(1514, WriteStatus.Ok)]
    [InlineData(1515, WriteStatus.TooLong)]
    public void FrameOfLength_FitsTheMtu(int length, WriteStatus expected)
    {
        var (left, _) = VirtualPair.Create(_host);
        Assert.Equal(expected, left.Send(new byte[length]));
    }

    [Fact]
    public void PaddingLink_ShortFrame_ArrivesAt60BytesWithZeros()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host, new() { Pad = true });
            var received = FrameCollector.On(right);
            left.Send([.. Enumerable.Repeat((byte)0xFF, 200)]); // So that the pooled buffer is dirty.
            await Settle(_host);
            left.Send([.. Enumerable.Repeat((byte)0xFF, 42)]);
            await Settle(_host);
            Assert.Equal([.. Enumerable.Repeat((byte)0xFF, 42), .. new byte[18]], received[1]);
        });
    }

    [Fact]
    public void OffloadedLink_LargeFrameWithoutChecksum_ArrivesWholeAndVouchedFor()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host, VirtualLinkOptions.Offloaded);
            var seen = new List<(int Length, bool Valid, int SegmentSize)>();
            VirtualPort.Listen(right, new Probe(seen));
            Assert.Equal(65_535, VirtualPort.Info(left).SegmentationLimit);
            Assert.Equal(WriteStatus.Ok, SendLarge(left, 65_535));
            Assert.Equal(WriteStatus.TooLong, SendLarge(left, 65_536));
            await Settle(_host);
            Assert.Equal([(65_549, true, 1460)], seen);
        });

        static WriteStatus SendLarge(VirtualPort port, int length)
        {
            var frame =
                new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(new byte[length - 40]));
            frame.Prepend(20);
            frame.RequestChecksum(16);
            frame.RequestSegmentation(Segmentation.TcpV4, 1460);
            frame.Prepend(34);
            return VirtualPort.Write(port, ref frame);
        }
    }

    [Fact]
    public void Disconnected_WritesAreRefusedAndNothingIsHeld()
    {
        _host.Run(async () =>
        {
            var hub = VirtualHub.Create(_host);
            var (left, right) = (VirtualHub.Attach(hub), VirtualHub.Attach(hub));
            var received = FrameCollector.On(right);
            left.Send(FrameSender.Numbered(1));
            await VirtualPort.Disconnect(right);
            Assert.Equal(WriteStatus.Disconnected, right.Send(FrameSender.Numbered(1)));
            Assert.Equal(WriteStatus.Ok, left.Send(FrameSender.Numbered(2))); // Nobody is there, as on a cable.
            await Settle(_host);
            Assert.Empty(received);
            Assert.Equal(0, VirtualHub.Waiting(hub));
        });
    }

    [Fact]
    public void Hub_FrameOfOnePort_ReachesEveryOther()
    {
        _host.Run(async () =>
        {
            var hub = VirtualHub.Create(_host);
            var ports = Enumerable.Range(0, 4).Select(_ => VirtualHub.Attach(hub)).ToList();
            var received = ports.ConvertAll(port => FrameCollector.On(port));
            ports[2].Send(FrameSender.Numbered(9));
            await Settle(_host);
            Assert.Equal([1, 1, 0, 1], received.Select(frames => frames.Count));
            Assert.Equal(4, ports.Select(port => VirtualPort.Info(port).Mac).Distinct().Count());
        });
    }

    [Fact]
    public void NobodyListens_FramesAreDroppedAndCounted()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            left.Send(FrameSender.Numbered(1));
            await Settle(_host);
            Assert.Equal(1, VirtualPort.Counters(right).Dropped);
        });
    }

    [Fact]
    public void OptionsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => VirtualPair.Create(_host, new() { Mtu = 67 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => VirtualPair.Create(_host, new() { Mtu = 65_536 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => VirtualPair.Create(_host, new() { QueueFrames = 0 }));
        Assert.Throws<ArgumentException>(() => VirtualPair.Create(_host, new() { SegmentationLimit = 9000 }));
    }

    internal static async Task Settle(SimHost host) => await Task.Delay(TimeSpan.FromSeconds(1), host.Time);

    private readonly struct Probe(List<(int, bool, int)> seen) : IFrameHandler
    {
        public void Input(in ReceivedFrame frame) =>
            seen.Add((frame.Bytes.Length, frame.ChecksumValid, frame.SegmentSize));
    }
}
