using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>A wire type: reading is total and allocates nothing, and what is accepted is emitted as it was.</summary>
/// <param name="name">The target's name.</param>
/// <param name="make">Makes a value that has an image.</param>
/// <param name="checksumOffset">Where a checksum lies that is not part of the value; -1 when there is none.</param>
/// <param name="isCanonical">Whether each value has one image only.</param>
internal sealed class WireTarget<T>(
    string name, Func<SplitMix64, T> make, int checksumOffset = -1, bool isCanonical = true) : FuzzTarget(name)
    where T : struct, IWireFormat<T>
{
    private const byte Untouched = 0xA5;
    private const int Behind = 60; // A header may say that options follow it.

    public override IReadOnlyList<string> Reaches => ["accepted"];

    public override byte[] Generate(SplitMix64 random)
    {
        var value = make(random);
        var image = new byte[value.Size + random.Next(Behind)];
        random.Fill(image);
        value.Emit(image);
        return image;
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var status = T.Parse(input, out var value);
        Oracle.Same(before, GC.GetAllocatedBytesForCurrentThread(), "Reading allocates nothing.");
        if (status is not ParseStatus.Ok)
        {
            Oracle.Same(default, value, "What is refused has no value.");
            return;
        }

        Reach("accepted");
        var image = new byte[value.Size + Behind];
        image.AsSpan().Fill(Untouched);
        value.Emit(image);
        Oracle.That(
            image.AsSpan(value.Size).IndexOfAnyExcept(Untouched) < 0, "Nothing is written beyond the size of a value.");
        Oracle.Same(ParseStatus.Ok, T.Parse(image, out var again), "What was emitted is read.");
        Oracle.Same(value, again, "What was emitted is read as the same value.");
        if (!isCanonical)
            return;
        var expected = input[..value.Size].ToArray();
        if (checksumOffset >= 0)
            expected.AsSpan(checksumOffset, 2).Clear();
        Oracle.SameBytes(expected, image.AsSpan(0, value.Size), "A value has one image.");
    }
}
