using System.Globalization;
using FsCheck.Xunit;

namespace Mirage.Tests;

public sealed class KeyConverterTests
{
    private enum Mode { Host, UserMode, Tap2 }

    [Property]
    public void Text_RoundTrips(string? text) => AssertRoundTrip(KeyConverter.Text, text ?? "");

    [Property]
    public void Number_RoundTrips(int value) => AssertRoundTrip(KeyConverter.For<int>(), value);

    [Property]
    public void LongNumber_RoundTrips(long value) => AssertRoundTrip(KeyConverter.For<long>(), value);

    [Property]
    public void Double_RoundTrips(double value) => AssertRoundTrip(KeyConverter.For<double>(), value);

    [Property]
    public void Bool_RoundTrips(bool value) => AssertRoundTrip(KeyConverter.For<bool>(), value);

    [Property]
    public void Duration_RoundTrips(long ticks) =>
        AssertRoundTrip(KeyConverter.For<TimeSpan>(), new TimeSpan(Math.Abs(ticks / 2)));

    [Property]
    public void Address_RoundTrips(uint v4, ulong high, ulong low)
    {
        AssertRoundTrip(KeyConverter.For<IpAddress>(), IpAddress.FromV4(v4));
        AssertRoundTrip(KeyConverter.For<IpAddress>(), new IpAddress(high, low));
    }

    [Property]
    public void Network_RoundTrips(uint v4, byte length) =>
        AssertRoundTrip(KeyConverter.For<Cidr>(), new Cidr(IpAddress.FromV4(v4), length % 33));

    [Property]
    public void Endpoint_RoundTrips(uint v4, ulong high, ulong low, ushort port)
    {
        AssertRoundTrip(KeyConverter.Endpoint, new Endpoint(IpAddress.FromV4(v4), port));
        AssertRoundTrip(KeyConverter.Endpoint, new Endpoint(new IpAddress(high, low), port));
    }

    [Property]
    public void Mac_RoundTrips(ulong value) =>
        AssertRoundTrip(KeyConverter.For<MacAddress>(), new MacAddress(value & 0xFFFF_FFFF_FFFF));

    [Property]
    public void List_RoundTrips(uint[] values)
    {
        var converter = KeyConverter.List(KeyConverter.For<IpAddress>());
        IReadOnlyList<IpAddress> addresses = [.. values.Select(IpAddress.FromV4)];
        Assert.True(converter.TryParse(converter.Print(addresses), out var parsed));
        Assert.Equal(addresses, parsed);
    }

    [Property]
    public void AnyText_IsRefused_OrReadAsAValueThatRoundTrips(string? text)
    {
        text ??= "";
        AssertRoundTripIfRead(KeyConverter.For<TimeSpan>(), text);
        AssertRoundTripIfRead(KeyConverter.For<IpAddress>(), text);
        AssertRoundTripIfRead(KeyConverter.For<Cidr>(), text);
        AssertRoundTripIfRead(KeyConverter.Endpoint, text);
        AssertRoundTripIfRead(KeyConverter.Endpoint, $"[{text}]:{text}");
        AssertRoundTripIfRead(KeyConverter.For<MacAddress>(), text);
        AssertRoundTripIfRead(KeyConverter.For<ushort>(), text);
        AssertRoundTripIfRead(KeyConverter.For<double>(), text);
        AssertRoundTripIfRead(KeyConverter.Enum<Mode>(), text);
    }

    [Property]
    public void AnyNumberWithAUnit_IsRefused_OrReadAsADurationThatRoundTrips(decimal number)
    {
        foreach (var unit in new[] { "ms", "s", "m", "h", "d" })
            AssertRoundTripIfRead(
                KeyConverter.Duration, string.Create(CultureInfo.InvariantCulture, $"{number}{unit}"));
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("0s", 0)]
    public void Duration_OfANumberAndAUnit_IsRead(string text, double milliseconds)
    {
        Assert.True(KeyConverter.Duration.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1S")]
    [InlineData("00:00:10")]
    [InlineData("99999999999999999d")]
    [InlineData("79228162514264337593543950335ms")]
    public void Duration_OfAnythingElse_IsRefused(string text) =>
        Assert.False(KeyConverter.Duration.TryParse(text, out _));

    [Fact]
    public void Duration_PrintsInTheLargestUnitThatFits()
    {
        Assert.Equal(["0s", "90m", "1h", "1500ms", "2d", "0.0001ms"], new[]
        {
            TimeSpan.Zero, TimeSpan.FromMinutes(90), TimeSpan.FromHours(1), TimeSpan.FromSeconds(1.5),
            TimeSpan.FromDays(2), new TimeSpan(1),
        }.Select(KeyConverter.Duration.Print));
    }

    [Theory]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("80.0")]
    [InlineData(" 80")]
    [InlineData("")]
    public void Port_OutOfItsRange_IsRefused(string text)
    {
        Assert.False(KeyConverter.For<ushort>().TryParse(text, out _));
        Assert.Equal("a whole number from 0 to 65535", KeyConverter.For<ushort>().Expected);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("fd00::1:80")]
    [InlineData("[10.0.0.1]:80")]
    [InlineData("10.0.0.1:65536")]
    [InlineData(":80")]
    public void Endpoint_WithoutAPortOrAmbiguous_IsRefused(string text) =>
        Assert.False(KeyConverter.Endpoint.TryParse(text, out _));

    [Theory]
    [InlineData("10.2")]
    [InlineData("010.0.0.2")]
    [InlineData("10.0.0.09")]
    [InlineData("0x0a.0.0.2")]
    [InlineData("10.0.0.2.")]
    [InlineData("10.0.0.256")]
    [InlineData(" 10.0.0.2")]
    [Trait("Conforms", "RFC 6943 section 3.1.1")]
    public void AddressThatProgramsReadInTwoWays_IsRefused(string text)
    {
        Assert.False(KeyConverter.For<IpAddress>().TryParse(text, out _));
        Assert.False(KeyConverter.For<Cidr>().TryParse($"{text}/24", out _));
    }

    [Fact]
    public void Enum_IsWrittenInLowerCaseWords()
    {
        var converter = KeyConverter.Enum<Mode>();
        Assert.Equal("host, user-mode or tap2", converter.Expected);
        Assert.True(converter.TryParse("user-mode", out var mode));
        Assert.Equal(Mode.UserMode, mode);
        Assert.False(converter.TryParse("UserMode", out _));
        Assert.False(converter.TryParse("1", out _));
        Assert.Equal("tap2", converter.Print(Mode.Tap2));
    }

    [Fact]
    public void TypeThatParsesItself_HasAConverter()
    {
        Assert.True(KeyConverter.For<Guid>().TryParse("00000000-0000-0000-0000-000000000001", out _));
        Assert.Equal("a value of type Guid", KeyConverter.For<Guid>().Expected);
    }

    private static void AssertRoundTripIfRead<T>(KeyConverter<T> converter, string text)
    {
        if (converter.TryParse(text, out var value))
            AssertRoundTrip(converter, value);
    }

    private static void AssertRoundTrip<T>(KeyConverter<T> converter, T value)
    {
        Assert.True(converter.TryParse(converter.Print(value), out var parsed), converter.Print(value));
        Assert.Equal(value, parsed);
    }
}
