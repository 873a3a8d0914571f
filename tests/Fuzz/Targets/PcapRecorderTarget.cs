using System.Buffers;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Any frames are recorded, and the capture has a record of each.</summary>
/// <remarks>Input: for each frame a byte for its direction and two for its length, and the frame.</remarks>
internal sealed class PcapRecorderTarget() : FuzzTarget("pcap-recorder")
{
    public override int ShortRun => 200;

    public override long AllocationMax(int length) => (8 << 20) + (4096L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var bytes = new List<byte>();
        for (var count = 1 + random.Next(8); count > 0; count--)
        {
            var frame = new byte[14 + random.Next(200)];
            random.Fill(frame);
            (frame[12], frame[13]) = (8, 0);
            bytes.AddRange([(byte)random.Next(256), 0, (byte)Math.Min(frame.Length, 255), .. frame]);
        }

        return [.. bytes];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var script = new ByteScript(input);
        using var host = new SimHost();
        using var file = new MemoryStream();
        var frames = 0;
        host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(host);
            var recorder = PcapRecorder<VirtualPort>.Over(host, left, file);
            PcapRecorder<VirtualPort>.Listen(recorder, default(Sink));
            while (!script.IsOver)
            {
                var (isUp, bytes) = ((script.Byte() & 1) != 0, script.Take(script.Word() % 1515));
                if (bytes.Length == 0)
                    continue; // No frame.
                frames += Send(isUp ? right : null, recorder, bytes) ? 1 : 0;
                await Task.Yield();
            }

            await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
            Oracle.Same(frames, PcapRecorder<VirtualPort>.Records(recorder), "Every frame is recorded.");
            await PcapRecorder<VirtualPort>.Disconnect(recorder);
            await VirtualPort.Disconnect(left);
            await VirtualPort.Disconnect(right);
        });
        Check(file.ToArray(), frames);
        Leaks.AssertNone(host);
    }

    private static bool Send(VirtualPort? peer, PcapRecorder<VirtualPort> recorder, byte[] bytes)
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(bytes));
        return peer is { } port
            ? VirtualPort.Write(port, ref frame) is WriteStatus.Ok
            : PcapRecorder<VirtualPort>.Write(recorder, ref frame) is WriteStatus.Ok or WriteStatus.TooLong;
    }

    private static void Check(ReadOnlySpan<byte> capture, int frames)
    {
        Oracle.Same(ParseStatus.Ok, PcapFileHeader.Parse(capture, out var file), "A capture has its header.");
        capture = capture[file.Size..];
        for (; frames > 0; frames--)
        {
            Oracle.Same(ParseStatus.Ok, PcapRecordHeader.Parse(capture, out var record), "A record has its header.");
            capture = capture[(record.Size + record.Captured)..];
        }

        Oracle.That(capture.IsEmpty, "Nothing follows the last record.");
    }

    private readonly struct Sink : IFrameHandler
    {
        public void Input(in ReceivedFrame frame) { }
    }
}
