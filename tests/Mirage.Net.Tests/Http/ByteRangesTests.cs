using System.Text;
using FsCheck.Xunit;

namespace Mirage.Net.Tests;

/// <summary>RFC 9110 section 14; the examples with 10,000 bytes are those of section 14.1.2.</summary>
public sealed class ByteRangesTests
{
    [Theory]
    [InlineData("bytes=0-499", "0-499")]
    [InlineData("bytes=500-999", "500-999")]
    [InlineData("bytes=-500", "9500-9999")]
    [InlineData("bytes=9500-", "9500-9999")]
    [InlineData("bytes=0-0,-1", "0-0 9999-9999")]
    [InlineData("bytes= 0-999, 4500-5499, -1000", "0-999 4500-5499 9000-9999")]
    [InlineData("bytes=500-600,601-999", "500-600 601-999")]
    [InlineData("bytes=500-700,601-999", "500-700 601-999")]
    [InlineData("bytes=0-99999", "0-9999")]
    [InlineData("bytes=-99999", "0-9999")]
    [InlineData("BYTES=1-1", "1-1")]
    [InlineData("bytes=,1-1,", "1-1")]
    [InlineData("bytes=1-1,10000-", "1-1")]
    [InlineData("bytes=9999-99999999999999999999999", "9999-9999")]
    [InlineData("bytes=10000-", "416")]
    [InlineData("bytes=-0", "416")]
    [InlineData("bytes=10000-10001,-0", "416")]
    [InlineData("bytes=99999999999999999999999-", "416")]
    [InlineData("bytes=", "200")]
    [InlineData("bytes", "200")]
    [InlineData("bytes=-", "200")]
    [InlineData("bytes=1", "200")]
    [InlineData("bytes=2-1", "200")]
    [InlineData("bytes=a-b", "200")]
    [InlineData("bytes=1-2-3", "200")]
    [InlineData("bytes=--1", "200")]
    [InlineData("bytes=0-1;2-3", "200")]
    [InlineData("items=0-1", "200")]
    [InlineData("bytes=0-,0-", "200")]
    [InlineData("bytes=0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0", "200")]
    public void Field_AsksForParts(string field, string parts) => Assert.Equal(parts, Parse(field, 10_000));

    [Theory]
    [InlineData("bytes=0-", "416")]
    [InlineData("bytes=-1", "200")]
    public void Field_OnNothing_IsRefusedOrIgnored(string field, string parts) => Assert.Equal(parts, Parse(field, 0));

    [Property(MaxTest = 1000)]
    public void AnyBytes_GivePartsThatExist(byte[] tail, ushort size)
    {
        var ranges = new ByteRange[ByteRanges.Max];
        byte[] field = [.. "bytes="u8, .. tail.Select(value => "0123456789-, "u8[value % 13])];
        if (ByteRanges.Parse(field, size, ranges, out var count) is ByteRanges.Outcome.Partial)
            Assert.All(ranges[..count], range =>
                Assert.True(range.First >= 0 && range.Length > 0 && range.Last < size));
    }

    private static string Parse(string field, long size)
    {
        var ranges = new ByteRange[ByteRanges.Max];
        return ByteRanges.Parse(Encoding.ASCII.GetBytes(field), size, ranges, out var count) switch
        {
            ByteRanges.Outcome.Ignored => "200",
            ByteRanges.Outcome.Unsatisfiable => "416",
            _ => string.Join(' ', ranges[..count].Select(range => $"{range.First}-{range.Last}")),
        };
    }
}
