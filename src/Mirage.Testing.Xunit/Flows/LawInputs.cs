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
        static length => length > 0 ? [0, length / 2, length - 1] : []));

    private static int DatagramMax => 65_507; // RFC 768 and RFC 791: 65,535 less 20 and 8.
}
