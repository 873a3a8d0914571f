using FsCheck;
using FsCheck.Fluent;

namespace Mirage.Net.Tests;

/// <summary>The laws of one wire type, over values that a generator makes.</summary>
internal abstract record WireCase(Type Type)
{
    /// <summary>The laws of <typeparamref name="T"/>.</summary>
    /// <param name="values">Values that have an image.</param>
    /// <param name="checksumOffset">Where a checksum lies that is not part of the value; -1 when there is none.</param>
    /// <param name="isCanonical">Whether each value has one image only.</param>
    public static WireCase Of<T>(Gen<T> values, int checksumOffset = -1, bool isCanonical = true)
        where T : struct, IWireFormat<T> =>
        new Case<T>(values, checksumOffset, isCanonical);

    /// <summary><c>Parse(Emit(v)) == v</c>, and no byte beyond the size is touched or needed.</summary>
    public abstract void CheckRoundTrip();

    /// <summary>A shorter image is never accepted; any image parses without throwing, and what is accepted is emitted
    /// again.</summary>
    public abstract void CheckTotality();

    public sealed override string ToString() => Type.Name;

    private sealed record Case<T>(Gen<T> Values, int ChecksumOffset, bool IsCanonical) : WireCase(typeof(T))
        where T : struct, IWireFormat<T>
    {
        private const byte Untouched = 0xA5;

        public override void CheckRoundTrip() => Check.QuickThrowOnFailure(Prop.ForAll(Values.ToArbitrary(), value =>
        {
            var image = new byte[value.Size + 3];
            image.AsSpan(value.Size).Fill(Untouched);
            value.Emit(image);
            Assert.Equal(ParseStatus.Ok, T.Parse(image, out var exact));
            Assert.Equal(value, exact);
            Assert.Equal(ParseStatus.Ok, T.Parse(image.AsSpan(0, value.Size), out exact));
            Assert.Equal(value, exact);
            Assert.True(image.AsSpan(value.Size).IndexOfAnyExcept(Untouched) < 0);
            Assert.ThrowsAny<ArgumentException>(() => value.Emit(image.AsSpan(0, value.Size - 1)));
        }));

        public override void CheckTotality()
        {
            var mutations = Gen.ArrayOf(Gen.Zip(Gen.Choose(0, 80), Gen.Choose(0, 255)), 3);
            Check.QuickThrowOnFailure(Prop.ForAll(Gen.Zip(Values, mutations).ToArbitrary(), input =>
            {
                var (value, edits) = input;
                var image = new byte[value.Size + 20];
                value.Emit(image);
                for (var length = 0; length < value.Size; length++)
                    Assert.NotEqual(ParseStatus.Ok, T.Parse(image.AsSpan(0, length), out _));
                foreach (var (at, to) in edits)
                {
                    image[at % image.Length] = (byte)to;
                    CheckImage(image);
                }
            }));
            Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(CheckImage));
        }

        private void CheckImage(byte[] image)
        {
            if (T.Parse(image, out var value) is not ParseStatus.Ok)
            {
                Assert.Equal(default, value);
                return;
            }

            var again = new byte[value.Size + 60]; // A header may say that options follow it.
            value.Emit(again);
            Assert.Equal(ParseStatus.Ok, T.Parse(again, out var same));
            Assert.Equal(value, same);
            if (!IsCanonical)
                return;

            var expected = image[..value.Size];
            if (ChecksumOffset >= 0)
                expected.AsSpan(ChecksumOffset, 2).Clear();
            Assert.Equal(expected, again[..value.Size]);
        }
    }
}
