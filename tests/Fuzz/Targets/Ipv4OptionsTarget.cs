using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>The options of an IPv4 header: read to their end, and a fault lies inside them.</summary>
internal sealed class Ipv4OptionsTarget() : FuzzTarget("ipv4-options")
{
    private const int Longest = 40;

    public override IReadOnlyList<string> Reaches => ["Ok", "Malformed", "SourceRoute"];

    public override byte[] Generate(SplitMix64 random)
    {
        // RFC 791: record route, timestamp, loose and strict source route, security, stream; RFC 2113: router alert.
        byte[] kinds = [7, 68, 131, 137, 130, 136, 148, 1, 1, 0];
        var options = new List<byte>();
        while (options.Count < Longest && random.Next(6) != 0)
        {
            var kind = kinds[random.Next(kinds.Length)];
            options.Add(kind);
            if (kind < 2)
                continue;
            var length = 2 + random.Next(10);
            options.Add((byte)length);
            options.AddRange(new byte[length - 2]);
        }

        return [.. options];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var options = input[..Math.Min(input.Length, Longest)];
        var status = Ipv4Options.Check(options, out var fault);
        Reach(status.ToString());
        Oracle.That(fault == 0 || (fault > 0 && fault < options.Length), "A fault lies inside the options.");
        if (status is Ipv4OptionsStatus.Ok)
            Oracle.Same(status, Ipv4Options.Check([1, .. options], out _), "A NOP in front changes nothing.");
        if (status is Ipv4OptionsStatus.SourceRoute)
            Oracle.That(options.ContainsAny<byte>(131, 137), "A source route is named by its kind.");
    }
}
