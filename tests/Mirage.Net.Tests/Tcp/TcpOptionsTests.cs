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

    [Property(MaxTest = 2000)]
    public void AnyBytes_Parsed_EndAndFit(byte[] bytes) => Assert.InRange(TcpOptions.Parse(bytes).Size, 0, 24);
}
