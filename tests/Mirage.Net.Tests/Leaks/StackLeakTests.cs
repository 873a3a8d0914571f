using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>A stack that is disconnected in the middle of everything holds nothing.</summary>
public sealed class StackLeakTests
{
    [Fact]
    [Trait("Behaviour", "164")]
    public void StackWithFragmentsAndAPendingPacket_IsDisconnected_HoldsNothing()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(host);
            var stack = TcpIp<VirtualPort>.Create(host, left, Cidr.Parse("10.0.0.2/24"));
            var own = VirtualPort.Info(left).Mac;
            var bound = TcpIp<VirtualPort>.Bind(stack, 7, default(Sink)).Value();
            Send(right, Fragment(own)); // Who sent it is not known either: an answer would wait for its address.
            TcpIp<VirtualPort>.Write(stack, bound, new(IpAddress.Parse("10.0.0.9"), 7), new(new byte[100]));
            var echo = TcpIp<VirtualPort>.Echo(stack, IpAddress.Parse("10.0.0.9"), new byte[8]);
            await Task.Delay(TimeSpan.FromMilliseconds(10), host.Time);
            string[] expected = ["ARP queries", "ICMP echoes", "UDP ports", "armed timers", "fragmented datagrams",
                "packets that wait for a link address"];
            Assert.Equal(expected, Held(host).Where(name => !name.StartsWith("frames", StringComparison.Ordinal)));

            await TcpIp<VirtualPort>.Disconnect(stack);
            Assert.IsType<IcmpError.Closed>((await echo).Error());
            await VirtualPort.Disconnect(left);
            await VirtualPort.Disconnect(right);
            Leaks.AssertNone(host);
        });
    }

    [Fact]
    public void StackWithConnections_IsDisconnected_HoldsNothing()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            await using var pair = Flows.Pair(host); // Which looks for leaks when it is disposed.
            var (client, server) = await pair.Establish();
            await client.Write(new byte[100_000]);
            await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
            Assert.Contains("TCP buffers", Held(host));
            Assert.Contains("TCP connections", Held(host));
            Assert.Contains("TCP flows", Held(host));
            Assert.NotEqual(client.Local, server.Local);
        });
    }

    private static IEnumerable<string> Held(SimHost host) =>
        host.Holdings.Held.Select(holding => holding.Name).Distinct().Order(StringComparer.Ordinal);

    private static void Send(VirtualPort port, byte[] bytes)
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(bytes));
        Assert.Equal(WriteStatus.Ok, VirtualPort.Write(port, ref frame));
    }

    private static byte[] Fragment(MacAddress own) => Packets.Frame(own, new(0x020000000099), EtherType.Ipv4,
        Packets.Ipv4(new()
        {
            Source = IpAddress.Parse("10.0.0.1"),
            Destination = IpAddress.Parse("10.0.0.2"),
            Protocol = IpProtocol.Udp,
            Ttl = 64,
            Flags = Ipv4Flags.MoreFragments,
        }, new byte[64]));

    private readonly struct Sink : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) { }

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
