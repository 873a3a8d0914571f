using System.Text;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>The Range field: whatever is asked for, what is given lies in the representation.</summary>
/// <remarks>Input: two bytes of the representation's size, and the field's value.</remarks>
internal sealed class RangesTarget() : FuzzTarget("http-ranges")
{
    private static readonly string[] s_values = ["bytes=0-4", "bytes=-5", "bytes=10-", "bytes=0-0,2-3,-1", "bytes=5-2",
        "Bytes = 0-1", "bytes=0-18446744073709551615", "bytes=-0", "bytes=--1", "lines=1-2", "bytes=", "bytes=,,1-2 ,",
        "bytes=0-,0-,0-", "bytes=9223372036854775807-9223372036854775807"];

    public override IReadOnlyList<string> Reaches => ["Ignored", "Partial", "Unsatisfiable"];

    public override byte[] Generate(SplitMix64 random) =>
        [(byte)random.Next(3), (byte)random.Next(256), .. Encoding.Latin1.GetBytes(HttpTexts.Any(s_values, random))];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
            return;
        long size = (input[0] << 8) | input[1];
        Check(input[2..], size);
        Check(input[2..], long.MaxValue);
    }

    private void Check(ReadOnlySpan<byte> value, long size)
    {
        Span<ByteRange> ranges = new ByteRange[ByteRanges.Max];
        var outcome = ByteRanges.Parse(value, size, ranges, out var count);
        Reach(outcome.ToString());
        Oracle.That(count is >= 0 and <= ByteRanges.Max, "Ranges are limited.");
        if (outcome is not ByteRanges.Outcome.Partial)
            return;
        Oracle.That(count > 0, "A partial answer has a part.");
        var total = 0L;
        foreach (var range in ranges[..count])
        {
            Oracle.That(range.First >= 0 && range.Length > 0, "A part is something.");
            Oracle.That(range.First <= size - range.Length, "A part lies in the representation.");
            total = checked(total + range.Length);
        }

        Oracle.That(total <= size, "The parts are no more than the whole.");
    }
}
