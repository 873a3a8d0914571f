using System.Buffers;
using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 1071")]
public sealed class InternetChecksumTests
{
    private const int LengthMax = 2000;
    private readonly byte[] _bytes = new byte[LengthMax + 64];

    public InternetChecksumTests() => new SplitMix64(7).Fill(_bytes);

    [Fact]
    public void EveryLengthAndAlignment_SumsAsTheScalarReference()
    {
        for (var length = 0; length <= LengthMax; length++)
        {
            for (var start = 0; start < (length < 200 ? 64 : 3); start++)
            {
                var bytes = _bytes.AsSpan(start, length);
                Assert.Equal(Reference(bytes), InternetChecksum.Compute(bytes));
            }
        }
    }

    [Fact]
    public void AllOnesOf128KiB_LosesNoCarry()
    {
        var bytes = new byte[128 * 1024];
        bytes.AsSpan().Fill(0xFF);
        Assert.Equal(0, InternetChecksum.Compute(bytes));
        bytes[^1] = 0xFE;
        Assert.Equal(Reference(bytes), InternetChecksum.Compute(bytes));
    }

    [Fact]
    public void ExampleOfTheRfc_GivesItsSum() =>
        Assert.Equal(
            0xDDF2, InternetChecksum.Fold(InternetChecksum.Add(0, [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7])));

    [Fact]
    public void PartsOfEveryParity_SumAsTheWhole()
    {
        for (var first = 0; first < 40; first++)
        {
            for (var second = 0; second < 40; second++)
            {
                var whole = _bytes.AsSpan(0, first + second + 33);
                var parts = Sequence.Of(
                    _bytes.AsMemory(0, first), _bytes.AsMemory(first, second), _bytes.AsMemory(first + second, 33));
                Assert.Equal(InternetChecksum.Compute(whole), InternetChecksum.Finish(InternetChecksum.Add(0, parts)));
            }
        }
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("255.255.255.255", "255.255.255.254")]
    [InlineData("fd00::1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void PseudoHeader_SumsAsItsBytes(string source, string destination)
    {
        var (from, to) = (IpAddress.Parse(source), IpAddress.Parse(destination));
        foreach (var length in (int[])[0, 1, 1500, 65535, 100_000])
        {
            var bytes = new byte[2 * from.Size + 8];
            from.Write(bytes);
            to.Write(bytes.AsSpan(from.Size));
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(2 * from.Size), length);
            bytes[^1] = (byte)IpProtocol.Udp;
            Assert.Equal(Reference(bytes),
                InternetChecksum.Finish(InternetChecksum.PseudoHeader(from, to, IpProtocol.Udp, length)));
        }
    }

    [Fact]
    public void FrameThatAsksForAChecksum_IsCompletedInPlaceAndAsksNoLonger()
    {
        for (var split = 0; split < 9; split++)
        {
            var payload = Sequence.Of(_bytes.AsMemory(0, split), _bytes.AsMemory(split, 50));
            var frame = new TransmitFrame(new byte[TransmitFrame.Room], payload);
            var covered = frame.Prepend(7);
            covered.Clear();
            BinaryPrimitives.WriteUInt16BigEndian(covered[2..], 0xABCD); // The pseudo-header's sum.
            frame.RequestChecksum(2);
            frame.Prepend(14).Fill(0x55);

            InternetChecksum.Complete(ref frame);

            Assert.False(frame.NeedsChecksum);
            var bytes = new byte[frame.Length];
            frame.CopyTo(bytes);
            Assert.True(InternetChecksum.IsValid(bytes.AsSpan(14), 0xABCD));
        }
    }

    [Fact]
    [Trait("Behaviour", "74")]
    public void SumOfZero_IsStoredAsAllOnes()
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], ReadOnlySequence<byte>.Empty);
        var header = frame.Prepend(8);
        header.Clear();
        header[0] = header[1] = 0xFF;
        frame.RequestChecksum(6);
        InternetChecksum.Complete(ref frame);
        Assert.Equal(0xFFFF, BinaryPrimitives.ReadUInt16BigEndian(frame.Header[6..]));
    }

    [Fact]
    public void FrameThatAsksNothing_IsLeftAlone()
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], ReadOnlySequence<byte>.Empty);
        frame.Prepend(8).Fill(1);
        InternetChecksum.Complete(ref frame);
        Assert.True(frame.Header.IndexOfAnyExcept((byte)1) < 0);
    }

    private static ushort Reference(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (var index = 0; index < bytes.Length; index++)
            sum += index % 2 == 0 ? (ulong)bytes[index] << 8 : bytes[index];
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
