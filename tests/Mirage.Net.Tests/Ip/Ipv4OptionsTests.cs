using FsCheck.Xunit;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 791")]
[Trait("Behaviour", "29")]
public sealed class Ipv4OptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("00000000")]
    [InlineData("01010101")]
    [InlineData("94040000")] // Router alert.
    [InlineData("0707040000000000")] // Record route, then the end of the list.
    [InlineData("0082FF00")] // Nothing counts behind the end.
    public void WellFormedOptions_AreSkipped(string hex) =>
        Assert.Equal(Ipv4OptionsStatus.Ok, Ipv4Options.Check(Convert.FromHexString(hex), out _));

    [Theory]
    [InlineData("07000000", 1)]
    [InlineData("07010000", 1)]
    [InlineData("07050000", 1)]
    [InlineData("01010107", 3)] // No room for a length.
    [InlineData("0101440B", 3)]
    [InlineData("94040000FFFF0000", 5)]
    public void ImpossibleLength_IsPointedAt(string hex, int fault)
    {
        Assert.Equal(Ipv4OptionsStatus.Malformed, Ipv4Options.Check(Convert.FromHexString(hex), out var at));
        Assert.Equal(fault, at);
    }

    [Theory]
    [InlineData("830704 0A000001 00")]
    [InlineData("01890704 0A000001")]
    [Trait("Conforms", "RFC 7126")]
    [Trait("Behaviour", "30")]
    [Trait("Hostile", "4")]
    public void SourceRoute_IsSeen(string hex) => Assert.Equal(
        Ipv4OptionsStatus.SourceRoute,
            Ipv4Options.Check(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _));

    [Property(MaxTest = 2000)]
    [Trait("Hostile", "12")]
    public void AnyOptions_AreReadToAnEnd_AndAFaultLiesInThem(byte[] options)
    {
        if (Ipv4Options.Check(options, out var fault) is Ipv4OptionsStatus.Malformed)
            Assert.InRange(fault, 0, options.Length - 1);
    }
}
