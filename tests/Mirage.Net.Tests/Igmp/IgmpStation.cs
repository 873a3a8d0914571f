using System.Buffers.Binary;
using LanguageExt;

namespace Mirage.Net.Tests;

using Datagrams = Udp<Ipv4<Ethernet<TestNetwork>, Arp<Ethernet<TestNetwork>>>>;

/// <summary>A host whose ports are in groups, and a router beside it that asks.</summary>
internal sealed class IgmpStation(Station station)
{
    public const ushort Port = 5000;
    public static readonly IpAddress Group = IpAddress.Parse("239.1.2.3");
    public static readonly IpAddress Other = IpAddress.Parse("239.1.2.4");
    public static readonly Endpoint Peer = new(Station.Peer, 4000);
    private static readonly byte[] s_alert = [148, 4, 0, 0];

    public Heard Heard { get; } = new();

    public static void Run(Func<Station, IgmpStation, ValueTask> body) =>
        Station.Run(station => body(station, new(station)));

    public UdpPort Bind(string name, BindOptions options = default, ushort port = Port) =>
        Datagrams.Bind(station.Udp, port, Heard.As(name), options).Value();

    public Either<UdpError, Unit> Join(UdpPort port, IpAddress? group = null) =>
        Datagrams.Join(station.Udp, port, group ?? Group);

    public void Leave(UdpPort port, IpAddress? group = null) => Datagrams.Leave(station.Udp, port, group ?? Group);

    /// <summary>The peer sends a datagram to a group.</summary>
    public void Send(IpAddress group, Endpoint? source = null, ushort port = Port)
    {
        var from = source ?? Peer;
        var datagram = Packets.Udp(from, new(group, port), [1]);
        Ipv4Header header = new() { Source = from.Address, Destination = group, Protocol = IpProtocol.Udp, Ttl = 1 };
        station.Deliver(Packets.Ipv4(header, datagram), MacOf(group));
    }

    /// <summary>A neighbour sends a message of IGMP.</summary>
    public void Message(byte[] message, IpAddress? to = null, byte ttl = 1, bool hasAlert = true, bool isSummed = true)
    {
        var destination = to ?? IgmpMachine.AllSystems;
        if (isSummed)
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Compute(message));
        Ipv4Header header = new()
        {
            Source = Station.Peer,
            Destination = destination,
            Protocol = IpProtocol.Igmp,
            Ttl = ttl,
        };
        station.Deliver(Packets.Ipv4(header, message, hasAlert ? s_alert : []), MacOf(destination));
    }

    /// <summary>A query of version 3 with a time for the answer in tenths of a second.</summary>
    public static byte[] QueryV3(IpAddress? group = null, byte tenths = 10, int sources = 0)
    {
        var message = new byte[12 + (4 * sources)];
        (message[0], message[1], message[8], message[9]) = (0x11, tenths, 2, 125);
        group?.Write(message.AsSpan(4));
        message[11] = (byte)sources;
        return message;
    }

    /// <summary>A message of version 1 or 2.</summary>
    public static byte[] Short(byte type, byte code, IpAddress? group = null)
    {
        var message = new byte[] { type, code, 0, 0, 0, 0, 0, 0 };
        group?.Write(message.AsSpan(4));
        return message;
    }

    /// <summary>What was told since the last call: the destination, and each record or message.</summary>
    public string[] Told()
    {
        List<string> lines = [];
        foreach (var frame in station.Wire.Take())
        {
            if (frame.Ethernet.Type is not EtherType.Ipv4 || frame.Ip.Protocol is not IpProtocol.Igmp)
                continue;
            // RFC 9776 section 4: a TTL of 1, internetwork control, and the router alert.
            Assert.Equal((1, 0xC0, 24), (frame.Ip.Ttl, frame.Ip.TrafficClass, frame.Ip.HeaderLength));
            Assert.Equal(s_alert, frame.Payload[20..24]);
            Assert.Equal(MacOf(frame.Ip.Destination), frame.Ethernet.Destination);
            Assert.True(InternetChecksum.IsValid(frame.IpPayload));
            lines.Add($"{frame.Ip.Destination}{Text(frame.IpPayload)}");
        }

        return [.. lines];
    }

    private static MacAddress MacOf(IpAddress group) => new(0x0100_5E00_0000 | (ulong)(group.V4 & 0x007F_FFFF));

    private static string Text(byte[] message)
    {
        Assert.Equal(ParseStatus.Ok, IgmpMessage.Parse(message, out var head));
        if (head.Type is not IgmpType.ReportV3)
            return $" {head.Type} {IpAddress.FromV4(head.Rest)}";
        Assert.Equal(message.Length, 8 + (8 * (int)head.Rest));
        return string.Concat(Enumerable.Range(0, (int)head.Rest).Select(index =>
        {
            Assert.Equal(ParseStatus.Ok, IgmpRecord.Parse(message.AsSpan(8 + (8 * index)), out var record));
            return $" {record.Type} {record.Group}";
        }));
    }
}
