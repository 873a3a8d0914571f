using Mirage.Net;

namespace Mirage.Testing;

/// <summary>Writes what passes a port to a capture file that Wireshark and tcpdump read.</summary>
internal sealed class SimCapture : IDisposable
{
    private readonly SimWorld _world;
    private readonly BufferedStream _stream;
    private readonly byte[] _header = new byte[64];

    public SimCapture(SimWorld world, Stream stream)
    {
        (_world, _stream) = (world, new BufferedStream(stream, 64 * 1024));
        var header = new PcapFileHeader(PcapFileHeader.SnapLengthMax, Nanoseconds: true);
        header.Emit(_header);
        _stream.Write(_header, 0, header.Size);
    }

    public void Write(ReadOnlySpan<byte> frame)
    {
        var (seconds, fraction) = Math.DivRem(_world.NowNs, 1_000_000_000);
        new PcapRecordHeader((uint)seconds, (uint)fraction, frame.Length, frame.Length).Emit(_header);
        _stream.Write(_header, 0, PcapRecordHeader.FixedSize);
        _stream.Write(frame);
    }

    public void Dispose() => _stream.Dispose();
}
