using Mirage.Net;
using Mirage.Net.Tests;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>What an ICMP error quotes of a packet.</summary>
internal sealed class IcmpQuotationTarget() : FuzzTarget("icmp-quotation")
{
    public override IReadOnlyList<string> Reaches => ["accepted"];

    public override byte[] Generate(SplitMix64 random)
    {
        var header = new Ipv4Header
        {
            Source = IpAddress.FromV4(0x0A00_0002),
            Destination = IpAddress.FromV4(0x0A00_0001),
            Protocol = random.Next(2) == 0 ? IpProtocol.Tcp : IpProtocol.Udp,
            Ttl = 64,
        };
        var quoted = Packets.Ipv4(header, new byte[8 + random.Next(30)], new byte[4 * random.Next(11)]);
        byte[] types = [3, 4, 5, 11, 12];
        var type = (IcmpType)types[random.Next(types.Length)];
        return Packets.Icmp(new(type, (byte)random.Next(17), (uint)random.Next(2000)), quoted);
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (IcmpMessage.Parse(input, out var message) is not ParseStatus.Ok)
            return;
        var data = input[IcmpMessage.FixedSize..];
        if (!IcmpQuotations.TryRead(message, data, out var quotation, out var transport))
            return;
        Reach("accepted");
        Oracle.That(transport.Length >= IcmpErrors.QuotedTransportMin, "Ports and sequence number are there.");
        Oracle.That(data[^transport.Length..] == transport, "The transport's header is the end of what was quoted.");
        Oracle.That(quotation.NextHopMtu is 0 or >= 68, "No link carries less than RFC 791 asks for.");
        Oracle.That(quotation.Source.IsV4 && quotation.Destination.IsV4, "IPv4 quotes IPv4.");
    }
}
