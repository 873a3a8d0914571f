using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class UserNetworkTests
{
    [Theory]
    [InlineData("10.0.0.2/24", "10.0.0.1/24")]
    [InlineData("10.0.0.1/24", "10.0.0.2/24")]
    [InlineData("192.168.7.66/30", "192.168.7.65/30")]
    [InlineData("172.16.200.9/12", "172.16.0.1/12")]
    public void Gateway_HasTheFirstAddressThatIsFree(string guest, string gateway) =>
        Assert.Equal(
            new UserNetwork(Cidr.Parse(guest).Address, Cidr.Parse(gateway)),
            Right(UserNetwork.Around(Cidr.Parse(guest))));

    [Theory]
    [InlineData("10.0.0.2/31")]
    [InlineData("10.0.0.2/32")]
    public void NetworkWithoutRoom_IsRefused(string guest) =>
        Assert.StartsWith(
            $"--ipv4: {guest} has no room",
            Left(UserNetwork.Around(Cidr.Parse(guest))).Reason,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("fd00::2/64")]
    [InlineData("10.0.0.0/24")]
    [InlineData("10.0.0.255/24")]
    [InlineData("10.0.0.2/1")]
    [InlineData("10.0.0.2/0")]
    [InlineData("0.0.0.0/0")]
    [InlineData("127.0.0.2/8")]
    [InlineData("224.0.0.2/24")]
    [InlineData("255.255.255.255/24")]
    public void AddressThatNoHostCanHave_IsRefused(string guest) => Assert.StartsWith(
        "--ipv4: ", Left(UserNetwork.Around(Cidr.Parse(guest))).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("8080:80", true)]
    [InlineData("1:65535", true)]
    [InlineData("80", false)]
    [InlineData("0:80", false)]
    [InlineData("80:0", false)]
    [InlineData("65536:80", false)]
    [InlineData("-1:80", false)]
    [InlineData("a:b", false)]
    public void Forward_IsTwoPorts(string text, bool isOne)
    {
        Assert.Equal(isOne, PortForward.Converter.TryParse(text, out var forward));
        if (isOne)
            Assert.Equal(text, PortForward.Converter.Print(forward));
    }
}
