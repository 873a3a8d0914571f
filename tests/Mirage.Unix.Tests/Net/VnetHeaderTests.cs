using FsCheck.Xunit;
using Mirage.Net;

namespace Mirage.Unix.Tests;

public sealed class VnetHeaderTests
{
    [Property]
    public void Header_EmittedAndParsed_RoundTrips(byte flags, byte kind, ushort[] words)
    {
        var padded = words.Concat(new ushort[4]).ToArray();
        var header = new VnetHeader(flags, kind, padded[0], padded[1], padded[2], padded[3]);
        var image = new byte[VnetHeader.Length];
        header.Emit(image);
        Assert.Equal(ParseStatus.Ok, VnetHeader.Parse(image, out var parsed));
        Assert.Equal(header, parsed);
    }

    [Property]
    public void Bytes_ParsedAndEmitted_RoundTrip(byte[] bytes)
    {
        if (VnetHeader.Parse(bytes, out var header) != ParseStatus.Ok)
        {
            Assert.True(bytes.Length < VnetHeader.Length);
            return;
        }

        var image = new byte[VnetHeader.Length];
        header.Emit(image);
        Assert.Equal(bytes[..VnetHeader.Length], image);
    }

    [Theory]
    [Trait("Hostile", "40")]
    [InlineData(0, 0, 0, 0, 0, true)] // An ordinary frame.
    [InlineData(1, 0, 0, 82, 16, true)] // The sum in the last two bytes.
    [InlineData(1, 0, 0, 83, 16, false)] // One past them.
    [InlineData(1, 0, 0, 65535, 65535, false)]
    [InlineData(0, 0, 0, 65535, 65535, true)] // Nothing is to be summed: the fields mean nothing.
    [InlineData(0, 1, 1448, 0, 0, true)]
    [InlineData(0, 0x81, 1448, 0, 0, true)]
    [InlineData(0, 4, 1, 0, 0, true)]
    [InlineData(0, 5, 1, 0, 0, true)]
    [InlineData(1, 5, 1, 34, 6, true)]
    [InlineData(0, 0x85, 1, 0, 0, true)]
    [InlineData(0, 1, 0, 0, 0, false)] // Packets of no bytes.
    [InlineData(0, 3, 1448, 0, 0, false)] // UDP fragmentation is not spoken.
    [InlineData(0, 0x7F, 1448, 0, 0, false)]
    [Trait("Hostile", "40")]
    public void Header_OfAHundredBytes_FitsOnlyWhenConsistent(
        byte flags, byte kind, ushort segment, ushort start, ushort offset, bool fits) =>
        Assert.Equal(fits, new VnetHeader(flags, kind, 0, segment, start, offset).Fits(100));

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void HeaderLength_BeyondTheFrame_DoesNotFit(ushort headerLength, bool fits) =>
        Assert.Equal(fits, new VnetHeader(0, 0, headerLength, 0, 0, 0).Fits(100));

    [Fact]
    [Trait("Hostile", "40")]
    public void SegmentSize_WithoutSegmentation_IsNotHandedUp() =>
        Assert.Equal(0, new VnetHeader(0, 0, 0, 1448, 0, 0).MergedSegmentSize);
}
