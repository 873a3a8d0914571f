using FsCheck.Xunit;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 9293 section 3.2")]
[Trait("Behaviour", "117")]
public sealed class TcpOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("00")] // End.
    [InlineData("01010101")] // NOP only.
    [InlineData("0002040064")] // Behind the end.
    [InlineData("02")] // Kind without length.
    [InlineData("0200")] // Length zero.
    [InlineData("0201")] // Length that does not cover itself.
    [InlineData("02040064FF", true)] // Cut after a good one.
    [InlineData("020400")] // Cut short.
    [InlineData("02030001")] // Known, of the wrong length.
    [InlineData("FE0400000101")] // Unknown kind.
    [InlineData("FE0402040064")] // Unknown kind whose body looks like an option; what follows is cut.
    [InlineData("FE02020400640000", true)] // Unknown kind, then a good one.
    [InlineData("0303070204006400", true, 7)]
    [InlineData("02040001020400640000", true)] // Repeated: the last counts.
    [Trait("Hostile", "12")]
    public void Image_OfAnyForm_GivesWhatIsWellFormed(string hex, bool hasMss = false, int scale = -1)
    {
        var options = TcpOptions.Parse(Convert.FromHexString(hex));
        Assert.Equal(hasMss ? (ushort)100 : null, options.MaximumSegmentSize);
        Assert.Equal(scale < 0 ? null : (byte)scale, options.WindowScale);
        Assert.False(options.SackPermitted);
        Assert.Null(options.Timestamps);
    }

    [Fact]
    public void Image_OfFortyBytes_IsReadWhole()
    {
        // Linux's SYN, and then NOPs up to the most that a header holds with a scale at the very end.
        var padding = string.Concat(Enumerable.Repeat("01", 21));
        var image = Convert.FromHexString($"020405B40402080A0000000100000000{padding}030307");
        Assert.Equal(40, image.Length);
        var options = TcpOptions.Parse(image);
        var expected = new TcpOptions { MaximumSegmentSize = 1460, SackPermitted = true, Timestamps = new(1, 0) };
        Assert.Equal(expected with { WindowScale = 7 }, options);
    }

    [Theory]
    [Trait("Conforms", "RFC 9768 section 3.2.3")]
    [InlineData("AC02", 0, 0, 0, 0, false)]
    [InlineData("AC05000001", 1, 0, 0, 1, false)]
    [InlineData("AC08000001000002", 1, 2, 0, 2, false)]
    [InlineData("AC0B010203040506070809", 0x010203, 0x040506, 0x070809, 3, false)]
    [InlineData("AE0B010203040506070809", 0x070809, 0x040506, 0x010203, 3, true)]
    [InlineData("AE05000001", 0, 0, 1, 1, true)]
    public void AccurateEcn_OfEachLengthAndOrder_IsReadAndWritten(
        string hex, uint ect0, uint marked, uint ect1, int fields, bool isEct1First)
    {
        var image = Convert.FromHexString(hex);
        var options = TcpOptions.Parse(image);
        Assert.Equal(
            new TcpAccurateEcnOption(ect0, marked, ect1) { Fields = fields, IsEct1First = isEct1First },
            options.AccurateEcn);
        var again = new byte[options.Size];
        options.Emit(again);
        Assert.Equal(0, again.Length % 4);
        Assert.Equal(image, again[^image.Length..]);
        Assert.All(again[..^image.Length], static nop => Assert.Equal(1, nop));
    }

    [Theory]
    [InlineData("AC03FF", 0)]
    [InlineData("AC0700000100FF", 1)] // The beginning of a second field.
    [InlineData("AC0EFFFFFFFFFFFFFFFFFFFFFFFF", 3)] // More than there is.
    [InlineData("AC0B000001", null)] // Cut short.
    public void AccurateEcn_OfAnotherLength_HasTheFieldsThatFit(string hex, int? fields) =>
        Assert.Equal(fields, TcpOptions.Parse(Convert.FromHexString(hex)).AccurateEcn?.Fields);

    [Property(MaxTest = 2000)]
    [Trait("Hostile", "12")]
    public void AnyBytes_Parsed_EndAndFit(byte[] bytes) => Assert.InRange(TcpOptions.Parse(bytes).Size, 0, 40);

    [Theory]
    [Trait("Conforms", "RFC 2018 section 3")]
    [InlineData("050A0000000100000002", 1)]
    [InlineData("0101051200000001000000020000000300000004", 2)]
    [InlineData("05220000000100000002000000030000000400000005000000060000000700000008", 4)]
    [InlineData("0502", 0)] // No block.
    [InlineData("050B000000010000000200", 0)] // No whole number of blocks.
    [InlineData("0512000000010000000200000003", 0)] // Cut short.
    [Trait("Hostile", "12")]
    public void SackBlocks_OfAnyForm_AreReadWhenWhole(string hex, int count)
    {
        var sack = TcpOptions.Parse(Convert.FromHexString(hex)).Sack;
        Assert.Equal(count, sack.Count);
        for (uint index = 0; index < count; index++)
            Assert.Equal(new((2 * index) + 1, (2 * index) + 2), sack[(int)index]);
        Assert.Throws<ArgumentOutOfRangeException>(() => sack[count]);
    }

    [Fact]
    [Trait("Conforms", "RFC 2018 section 3")]
    public void SackBlocks_BesideOthers_AreEmittedAsFarAsThereIsRoom()
    {
        TcpSackBlock[] blocks = [new(1, 2), new(3, 4), new(5, 6), new(7, 8), new(9, 10)];
        var options = new TcpOptions { Sack = new(blocks) };
        Assert.Equal(36, options.Size);
        var beside = options with { Timestamps = new(1, 2) };
        Assert.Equal(40, beside.Size);
        var image = new byte[40];
        beside.Emit(image);
        Assert.Equal(beside with { Sack = new(blocks.AsSpan(0, 3)) }, TcpOptions.Parse(image));
    }

}
