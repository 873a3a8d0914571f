using System.Buffers.Binary;
using Mirage.Net;
using Mirage.Net.Tests;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Packets, whole and in fragments, into the machine of IPv4.</summary>
/// <remarks>Input: for each packet a byte of ways, two of its length, and the packet.</remarks>
internal sealed class Ipv4InputTarget() : FuzzTarget("ipv4-input")
{
    private const byte Mends = 1, Waits = 2, IsGroup = 4, IsVouchedFor = 8;
    private const long StepNs = 11_000_000_000;

    public override int ShortRun => 400;

    public override IReadOnlyList<string> Reaches =>
        ["Deliver", "Drop", "ParameterProblem", "Fragment", "a datagram of fragments", "a datagram given up"];

    // The reassembled datagram has a buffer of 64 KiB, once, and fragments keep a copy.
    public override long AllocationMax(int length) => (1 << 20) + (4096L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var bytes = new List<byte>();
        for (var count = 1 + random.Next(12); count > 0; count--)
        {
            if (random.Next(4) == 0)
                AddFragments(bytes, random);
            var header = new Ipv4Header
            {
                Source = IpAddress.FromV4(0x0A00_0001 + (uint)random.Next(2)),
                Destination = IpAddress.FromV4(random.Next(8) == 0 ? 0xFFFF_FFFF : 0x0A00_0002),
                Protocol = (IpProtocol)(random.Next(2) == 0 ? 17 : random.Next(256)),
                Ttl = 64,
                Identification = (ushort)random.Next(3),
                FragmentOffset = random.Next(2) * 8 * random.Next(20),
                Flags = random.Next(2) == 0 ? Ipv4Flags.MoreFragments : Ipv4Flags.None,
            };
            var options = new byte[4 * random.Next(3)];
            options.AsSpan().Fill(1);
            if (options.Length > 0 && random.Next(3) == 0)
                (options[0], options[1]) = (7, (byte)random.Next(64)); // Its length is right or not.
            var packet = Packets.Ipv4(header, new byte[8 * random.Next(20)], options);
            Add(bytes, (byte)random.Next(16), packet);
        }

        return [.. bytes];
    }

    private static void Add(List<byte> bytes, byte ways, byte[] packet) =>
        bytes.AddRange([ways, (byte)(packet.Length >> 8), (byte)packet.Length, .. packet]);

    // Both halves of a datagram, in either order.
    private static void AddFragments(List<byte> bytes, SplitMix64 random)
    {
        const int Half = 64;
        var header = new Ipv4Header
        {
            Source = IpAddress.FromV4(0x0A00_0001),
            Destination = IpAddress.FromV4(0x0A00_0002),
            Protocol = IpProtocol.Udp,
            Ttl = 64,
            Identification = (ushort)(3 + random.Next(3)),
        };
        byte[][] halves =
        [
            Packets.Ipv4(header with { Flags = Ipv4Flags.MoreFragments }, new byte[Half]),
            Packets.Ipv4(header with { FragmentOffset = Half }, new byte[1 + random.Next(Half)]),
        ];
        var first = random.Next(2);
        Add(bytes, 0, halves[first]);
        Add(bytes, 0, halves[1 - first]);
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var script = new ByteScript(input);
        var machine = new Ipv4Machine(new Ipv4Routes(Cidr.Parse("10.0.0.2/24"), null));
        var (nowNs, packets, delivered) = (0L, 0, 0);
        while (!script.IsOver)
        {
            var ways = script.Byte();
            var packet = script.Take(script.Word());
            if ((ways & Mends) != 0)
                Mend(packet);
            if ((ways & Waits) != 0)
                Expire(machine, nowNs += StepNs);
            packets++;
            var frame = new ReceivedFrame(packet, (ways & IsVouchedFor) != 0, 0, (ways & IsGroup) != 0);
            delivered += Take(machine, frame, nowNs);
            Oracle.That(machine.FragmentMemory <= IpReassembly.MemoryMax, "Fragments stay within their memory.");
        }

        var counters = machine.Counters;
        Oracle.Same(packets, counters.InReceives, "Every packet is counted.");
        Oracle.Same(delivered, counters.InDelivers, "What is delivered is counted.");
        Expire(machine, nowNs + (10 * StepNs));
        Oracle.Same(0, machine.FragmentMemory, "In time every fragment is given up.");
        Oracle.That(machine.NextTimeoutNs is null, "Where nothing waits there is no timeout.");
    }

    private int Take(Ipv4Machine machine, in ReceivedFrame frame, long nowNs)
    {
        var verdict = machine.HandleInput(frame, out var packet, out var pointer);
        Reach(verdict.ToString());
        if (verdict is Ipv4Verdict.ParameterProblem)
            Oracle.That(pointer > 0 && pointer < packet.Header.Length, "The octet that is wrong is one of the header.");
        if (verdict is Ipv4Verdict.Fragment)
        {
            var isWhole = machine.HandleFragment(packet, nowNs, out var whole);
            Oracle.That(!isWhole || whole.Payload.Bytes.Length <= IpReassembly.PayloadMax, "A datagram has a limit.");
            if (isWhole)
                Reach("a datagram of fragments");
            return isWhole ? 1 : 0;
        }

        return verdict is Ipv4Verdict.Deliver ? 1 : 0;
    }

    private void Expire(Ipv4Machine machine, long nowNs)
    {
        while (machine.TryPollExpired(nowNs, out var first))
        {
            Reach("a datagram given up");
            Oracle.That(first.Header.Length >= Ipv4Header.FixedSize, "What is quoted has its header.");
        }
    }

    // Gets past the first checks: version, lengths and checksum of the header.
    private static void Mend(byte[] packet)
    {
        if (packet.Length < Ipv4Header.FixedSize)
            return;
        packet[0] = (byte)(0x40 | Math.Clamp(packet[0] & 0xF, 5, Math.Min(15, packet.Length / 4)));
        if (BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)) > packet.Length)
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        Packets.Sum(packet);
    }
}
