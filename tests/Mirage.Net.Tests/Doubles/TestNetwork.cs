namespace Mirage.Net.Tests;

/// <summary>A link that records what is written and hands up what a test gives to its <see cref="TestWire"/>.</summary>
internal readonly struct TestNetwork : INetwork<TestNetwork>
{
    private readonly TestWire _wire;

    private TestNetwork(TestWire wire) => _wire = wire;

    public static Impl<TestNetwork> Impl => Mirage.Impl.BootHost.Map(static host => new TestNetwork(TestWire.Of(host)));

    public static NetworkInfo Info(TestNetwork network) => network._wire.Info;

    public static WriteStatus Write(TestNetwork network, ref TransmitFrame frame)
    {
        var wire = network._wire;
        if (wire.Status != WriteStatus.Ok)
            return wire.Status;
        wire.WrittenCount++;
        if (!wire.IsRecording)
            return WriteStatus.Ok;

        var bytes = new byte[frame.Length];
        frame.CopyTo(bytes);
        wire.Written.Add(new(bytes, frame.NeedsChecksum, frame.NeedsChecksum ? frame.ChecksumStart : 0,
            frame.ChecksumOffset, frame.Segmentation, frame.SegmentSize));
        return WriteStatus.Ok;
    }

    public static void Listen<THandler>(TestNetwork network, THandler handler) where THandler : struct, IFrameHandler =>
        network._wire.Listener = (frame, checksumValid, segmentSize) =>
            handler.Input(new ReceivedFrame(frame.Span, checksumValid, segmentSize));

    public static NetworkCounters Counters(TestNetwork network) => default;
}
