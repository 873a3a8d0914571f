using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Fragments of a few datagrams in any order: what becomes whole is what was sent.</summary>
/// <remarks>Input: for each fragment the datagram, the offset in units of eight, the length, and whether it is the
/// last.</remarks>
internal sealed class ReassemblyTarget() : FuzzTarget("reassembly")
{
    private const int Datagrams = 4;

    public override int ShortRun => 300;

    public override IReadOnlyList<string> Reaches => ["Complete", "Held", "Duplicate", "Killed", "Malformed"];

    public override long AllocationMax(int length) => (2 << 20) + (4096L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var pieces = new List<byte[]>();
        for (var id = 0; id < Datagrams; id++)
        {
            for (var (at, count) = (0, 1 + random.Next(12)); count > 0; count--)
            {
                var units = 1 + random.Next(20);
                pieces.Add([(byte)id, (byte)at, (byte)(units * 8), (byte)(count == 1 ? 1 : 0)]);
                at = Math.Min(255, at + units);
            }
        }

        for (var index = pieces.Count - 1; index > 0; index--)
        {
            var other = random.Next(index + 1);
            (pieces[index], pieces[other]) = (pieces[other], pieces[index]);
        }

        return [.. pieces.SelectMany(static piece => piece)];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var script = new ByteScript(input);
        var reassembly = new IpReassembly();
        var header = new byte[Ipv4Header.FixedSize];
        Span<byte> payload = stackalloc byte[256];
        var nowNs = 0L;
        while (!script.IsOver)
        {
            var (id, offset) = (script.Next(Datagrams + 1), script.Byte() * 8);
            var (length, isLast) = (script.Byte(), script.Byte());
            if (id == Datagrams) // Not a fragment: time.
                nowNs += length * 1_000_000_000L;
            for (var index = 0; index < length; index++)
                payload[index] = At(id, offset + index);
            var key = new FragmentKey(IpAddress.FromV4((uint)id), IpAddress.FromV4(9), IpProtocol.Udp, (uint)id);
            var packet = new ReceivedPacket
            {
                Source = key.Source,
                Destination = key.Destination,
                Protocol = key.Protocol,
                Header = header,
                Payload = new(payload[..length]),
            };
            var verdict = reassembly.HandleFragment(key, packet, offset, (isLast & 1) != 0, nowNs, out var whole);
            Reach(verdict.ToString());
            if (verdict is FragmentVerdict.Complete)
                Check(id, whole.Payload.Bytes);
            Oracle.That(reassembly.Memory <= IpReassembly.MemoryMax, "Fragments stay within their memory.");
            Oracle.That(reassembly.Count <= Datagrams + 1, "No more datagrams are known than were begun.");
        }

        reassembly.Clear();
        Oracle.Same((0, 0), (reassembly.Count, reassembly.Memory), "What is cleared holds nothing.");
    }

    private static byte At(int id, int place) => (byte)((place * 31) + id + (place >> 8));

    private static void Check(int id, ReadOnlySpan<byte> whole)
    {
        for (var index = 0; index < whole.Length; index++)
            Oracle.Same(At(id, index), whole[index], $"Byte {index} is the one that was sent.");
    }
}
