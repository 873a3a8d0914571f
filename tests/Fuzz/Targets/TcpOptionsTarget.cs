using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>The options of a segment in any order, twice, unknown or lying about their length.</summary>
internal sealed class TcpOptionsTarget() : FuzzTarget("tcp-options")
{
    private const int Longest = 40;

    public override byte[] Generate(SplitMix64 random)
    {
        var options = new List<byte>();
        while (options.Count < Longest && random.Next(8) != 0)
        {
            options.AddRange(random.Next(9) switch
            {
                0 => (byte[])[2, 4, 5, 180], // Maximum segment size.
                1 => [3, 3, (byte)random.Next(20)],
                2 => [4, 2],
                3 => [8, 10, 0, 0, 0, 1, 0, 0, 0, 2],
                4 => [5, 10, 0, 0, 0, 1, 0, 0, 0, 2],
                7 => [5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4],
                5 => [1],
                6 => [(byte)random.Next(256), (byte)random.Next(8), 0, 0],
                _ => [0],
            });
        }

        return [.. options];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var options = TcpOptions.Parse(input[..Math.Min(input.Length, Longest)]);
        Oracle.That(options.Size is >= 0 and <= Longest && options.Size % 4 == 0, "An image is ten words at most.");
        var image = new byte[options.Size];
        options.Emit(image);
        Oracle.Same(options, TcpOptions.Parse(image), "What was emitted is read as the same options.");
    }
}
