using FsCheck;
using FsCheck.Fluent;

namespace Mirage.Testing;

/// <summary>Inputs that several suites share.</summary>
internal static class LawInputs
{
    /// <summary>Lengths of datagrams, those at the bounds of a packet and of IPv4 among them.</summary>
    public static Arbitrary<int[]> DatagramLengths { get; } = Arb.Array(Arb.From(
        Gen.Frequency(
            (4, Gen.Choose(0, 2000)), (3, Gen.Elements(0, 1, 1471, 1472, 1473, 2952, DatagramMax)),
            (1, Gen.Choose(0, DatagramMax))),
        static length => Smaller(length, least: 0)));

    private static int DatagramMax => 65_507; // RFC 768 and RFC 791: 65,535 less 20 and 8.

    /// <summary>Smaller numbers to try for one: the least, and then nearer and nearer ones.</summary>
    public static IEnumerable<int> Smaller(int number, int least)
    {
        for (var step = number - least; step > 0; step /= 2)
            yield return number - step;
    }
}
