using System.Buffers;
using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class PcapTests
{
    [Property]
    public void FileHeader_RoundTrips(ushort snapLength, bool nanoseconds)
    {
        var header = new PcapFileHeader(snapLength + 1, nanoseconds);
        var image = new byte[header.Size];
        header.Emit(image);
        Assert.Equal(ParseStatus.Ok, PcapFileHeader.Parse(image, out var parsed));
        Assert.Equal(header, parsed);
    }

    [Property]
    public void RecordHeader_RoundTrips(uint seconds, uint fraction, ushort captured, ushort cut)
    {
        var header = new PcapRecordHeader(seconds, fraction % 1_000_000_000, captured, captured + cut);
        var image = new byte[header.Size];
        header.Emit(image);
        Assert.Equal(ParseStatus.Ok, PcapRecordHeader.Parse(image, out var parsed));
        Assert.Equal(header, parsed);
    }

    [Property]
    [Trait("Hostile", "36")]
    public void AnyBytes_AcceptedImagesAreEmittedAgain(byte[] bytes)
    {
        if (PcapFileHeader.Parse(bytes, out var file) is ParseStatus.Ok)
            Assert.Equal(bytes[..file.Size], Emitted(file));
        if (PcapRecordHeader.Parse(bytes, out var record) is ParseStatus.Ok)
            Assert.Equal(bytes[..record.Size], Emitted(record));
    }

    [Fact]
    public void Recorder_BothDirections_AreInTheFileWithTheirTimes()
    {
        using var host = new SimHost();
        using var file = new MemoryStream();
        host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(host);
            var link = left.WithPcap(host, file, snapLength: 100);
            FrameCollector.On(link);
            link.Send(FrameSender.Numbered(1, 60));
            await Task.Delay(TimeSpan.FromMilliseconds(2), host.Time);
            right.Send(FrameSender.Numbered(2, 200));
            await VirtualPairTests.Settle(host);
            Assert.Equal(2, PcapRecorder<VirtualPort>.Records(link));
            await PcapRecorder<VirtualPort>.Disconnect(link);
        });

        var (header, records) = Read(file.ToArray());
        Assert.Equal(new PcapFileHeader(100, Nanoseconds: true), header);
        var start = (uint)new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal([new(start, 0, 60, 60), new(start, 2_000_000, 100, 200)], records.Select(record => record.Header));
        Assert.Equal(FrameSender.Numbered(1, 60), records[0].Bytes);
        Assert.Equal(FrameSender.Numbered(2, 200)[..100], records[1].Bytes);
    }

    [Fact]
    public void Recorder_OffloadedChecksum_IsCompleteInTheFile()
    {
        using var host = new SimHost();
        using var file = new MemoryStream();
        host.Run(async () =>
        {
            var (left, _) = VirtualPair.Create(host, VirtualLinkOptions.Offloaded);
            var link = left.WithPcap(host, file);
            byte[] payload = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
            var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(payload));
            // UDP 10.0.0.1:7 → 10.0.0.2:9, its checksum left out.
            Convert.FromHexString("00070009001300FF").CopyTo(frame.Prepend(8));
            frame.RequestChecksum(6);
            Convert.FromHexString("450000270000000040110000" + "0A000001" + "0A000002").CopyTo(frame.Prepend(20));
            Convert.FromHexString("0200000000010200000000020800").CopyTo(frame.Prepend(14));
            PcapRecorder<VirtualPort>.Write(link, ref frame);
            await PcapRecorder<VirtualPort>.Disconnect(link);
        });

        var recorded = Read(file.ToArray()).Records[0].Bytes;
        Assert.Equal(0xFFFF, SumOfUdp(recorded));
    }

    [Fact]
    public void Recorder_FileFails_TheLinkGoesOn()
    {
        using var host = new SimHost();
        using var file = new FullStream();
        host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(host);
            var link = left.WithPcap(host, file);
            var received = FrameCollector.On(right);
            for (var number = 0; number < 5; number++)
            {
                link.Send(FrameSender.Numbered(number));
                await VirtualPairTests.Settle(host);
            }

            Assert.Equal(5, received.Count);
            await PcapRecorder<VirtualPort>.Disconnect(link);
        });
    }

    private static byte[] Emitted<T>(T value) where T : struct, IWireFormat<T>
    {
        var image = new byte[value.Size];
        value.Emit(image);
        return image;
    }

    private static (PcapFileHeader Header, List<(PcapRecordHeader Header, byte[] Bytes)> Records) Read(byte[] file)
    {
        Assert.Equal(ParseStatus.Ok, PcapFileHeader.Parse(file, out var header));
        var records = new List<(PcapRecordHeader, byte[])>();
        for (var at = header.Size; at < file.Length;)
        {
            Assert.Equal(ParseStatus.Ok, PcapRecordHeader.Parse(file.AsSpan(at), out var record));
            at += record.Size;
            records.Add((record, file[at..(at + record.Captured)]));
            at += record.Captured;
        }

        return (header, records);
    }

    // RFC 768: over pseudo-header and datagram, checksum included, the ones' complement sum is all ones.
    private static int SumOfUdp(byte[] frame)
    {
        byte[] summed = [.. frame[26..34], 0, 17, .. frame[38..40], .. frame[34..], 0];
        var sum = Enumerable.Range(0, summed.Length / 2).Sum(word => (summed[2 * word] << 8) | summed[(2 * word) + 1]);
        return (sum & 0xFFFF) + (sum >> 16);
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) =>
            throw new IOException("No space left on device.");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device.");
    }
}
