using Mirage.Net;
using Mirage.Net.Tests;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Completing the checksum of any frame: it stays a frame, and doing it again changes nothing.</summary>
internal sealed class FrameChecksumTarget() : FuzzTarget("frame-checksum")
{
    public override byte[] Generate(SplitMix64 random)
    {
        var (mac, other) = (new MacAddress(0x020000000001), new MacAddress(0x020000000002));
        var length = random.Next(60);
        if (random.Next(3) == 0)
        {
            byte[] v6 = [0x60, 0, 0, 0, 0, (byte)length, (byte)(random.Next(2) == 0 ? 6 : 17), 64, .. new byte[32]];
            return Packets.Frame(mac, other, EtherType.Ipv6, [.. v6, .. new byte[length]]);
        }

        var header = new Ipv4Header
        {
            Source = IpAddress.FromV4((uint)random.Next()),
            Destination = IpAddress.FromV4((uint)random.Next()),
            Protocol = random.Next(2) == 0 ? IpProtocol.Tcp : IpProtocol.Udp,
            Flags = random.Next(4) == 0 ? Ipv4Flags.MoreFragments : Ipv4Flags.None,
        };
        return Packets.Frame(mac, other, EtherType.Ipv4,
            Packets.Ipv4(header, new byte[length], new byte[4 * random.Next(11)]));
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var frame = input.ToArray();
        FrameChecksum.Complete(frame);
        var again = frame.AsSpan().ToArray();
        FrameChecksum.Complete(again);
        Oracle.SameBytes(frame, again, "A checksum that is complete stays.");
        if (!FrameChecksum.IsIp(input))
            Oracle.SameBytes(input, frame, "Another frame is left as it is.");
        var changed = 0;
        for (var index = 0; index < input.Length; index++)
            changed += frame[index] == input[index] ? 0 : 1;
        Oracle.That(changed <= 2, "No more than a checksum changes.");
    }
}
