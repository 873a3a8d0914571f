using System.Text;
using FsCheck.Xunit;

namespace Mirage.Net.Tests;

/// <summary>RFC 9110 section 5.6.7.</summary>
public sealed class HttpDateTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 1994)]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", 1994)]
    [InlineData("Sun Nov  6 08:49:37 1994", 1994)]
    [InlineData("Tuesday, 06-Nov-74 08:49:37 GMT", 2074)]
    [InlineData("Sunday, 06-Nov-77 08:49:37 GMT", 1977)]
    public void ThreeForms_AreRead(string text, int year)
    {
        Assert.True(HttpDate.TryParse(Encoding.ASCII.GetBytes(text), s_now, out var time));
        Assert.Equal(new DateTimeOffset(year, 11, 6, 8, 49, 37, TimeSpan.Zero), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sun, 06 Nov 1994 08:49:37")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 CET")]
    [InlineData("Sun, 31 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 25:49:37 GMT")]
    [InlineData("1994-11-06T08:49:37.0000000+00")]
    [InlineData("Sunday, 06-Nov--4 08:49:37 GMT")]
    public void AnythingElse_IsNoDate(string text) =>
        Assert.False(HttpDate.TryParse(Encoding.ASCII.GetBytes(text), s_now, out _));

    [Property]
    public void AnyBytes_DoNotThrow(byte[] bytes) => HttpDate.TryParse(bytes, s_now, out _);

    [Property]
    public void AnySecond_IsReadAsWritten(uint seconds)
    {
        var time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        Span<byte> text = stackalloc byte[HttpDate.Size];
        HttpDate.Format(time, text);
        Assert.True(HttpDate.TryParse(text, s_now, out var read));
        Assert.Equal(time, read);
    }
}
