namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 1122")]
public sealed class Ipv4RoutesTests
{
    private static readonly IpAddress s_gateway = IpAddress.Parse("10.0.0.1");
    private readonly Ipv4Routes _routes = new(Cidr.Parse("10.0.0.2/24"), s_gateway);

    [Theory]
    [InlineData("10.0.0.77", "10.0.0.77")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.1.1", "10.0.0.1")]
    [InlineData("192.0.2.1", "10.0.0.1")]
    public void Destination_IsReachedDirectlyOrThroughTheGateway(string destination, string hop) =>
        Assert.Equal(
            new(Ipv4RouteKind.Neighbour, IpAddress.Parse(hop), default), _routes.Find(IpAddress.Parse(destination)));

    [Theory]
    [InlineData("255.255.255.255", "ff:ff:ff:ff:ff:ff")]
    [InlineData("10.0.0.255", "ff:ff:ff:ff:ff:ff")]
    [InlineData("224.0.0.251", "01:00:5e:00:00:fb")]
    [InlineData("239.255.255.250", "01:00:5e:7f:ff:fa")]
    [Trait("Conforms", "RFC 1112")]
    public void Group_HasItsLinkAddress(string destination, string mac)
    {
        var route = _routes.Find(IpAddress.Parse(destination));
        Assert.Equal((Ipv4RouteKind.Group, MacAddress.Parse(mac)), (route.Kind, route.Mac));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("240.0.0.1")]
    [InlineData("10.0.0.2")] // This host.
    [InlineData("fd00::1")]
    public void DestinationThatIsNowhere_HasNoRoute(string destination) =>
        Assert.Equal(Ipv4RouteKind.None, _routes.Find(IpAddress.Parse(destination)).Kind);

    [Fact]
    public void OtherNetworkWithoutGateway_HasNoRoute() => Assert.Equal(Ipv4RouteKind.None,
        new Ipv4Routes(Cidr.Parse("10.0.0.2/24"), null).Find(IpAddress.Parse("192.0.2.1")).Kind);

    [Theory]
    [InlineData("10.0.0.2", "Own")]
    [InlineData("255.255.255.255", "Broadcast")]
    [InlineData("10.0.0.255", "Broadcast")]
    [InlineData("10.0.1.255", "Foreign")] // Another network's broadcast.
    [InlineData("10.0.0.0", "Foreign")]
    [InlineData("10.0.0.3", "Foreign")]
    [InlineData("224.0.0.1", "Foreign")]
    [InlineData("127.0.0.1", "Foreign")]
    [Trait("Conforms", "RFC 919")]
    [Trait("Behaviour", "40")]
    [Trait("Behaviour", "18")]
    public void Destination_TellsWhomThePacketIsFor(string destination, string scope) =>
        Assert.Equal(scope, _routes.Classify(IpAddress.Parse(destination)).ToString());

    [Theory]
    [InlineData("10.0.0.0/31", "10.0.0.1")]
    [InlineData("10.0.0.1/32", "10.0.0.1")]
    [Trait("Conforms", "RFC 3021")]
    public void NetworkOfTwo_HasNoBroadcast(string network, string last)
    {
        Assert.Null(Ipv4Routes.Fault(Cidr.Parse(network), null));
        Assert.NotEqual(Ipv4Scope.Broadcast, new Ipv4Routes(Cidr.Parse(network), null).Classify(IpAddress.Parse(last)));
    }

    [Theory]
    [InlineData("fd00::2/64", null)]
    [InlineData("0.0.0.0/0", null)]
    [InlineData("127.0.0.1/8", null)]
    [InlineData("224.0.0.1/24", null)]
    [InlineData("10.0.0.0/24", null)]
    [InlineData("10.0.0.255/24", null)]
    [InlineData("10.0.0.2/24", "10.0.1.1")]
    [InlineData("10.0.0.2/24", "10.0.0.2")]
    [InlineData("10.0.0.2/24", "fd00::1")]
    [InlineData("10.0.0.2/24", "10.0.0.0")]
    [InlineData("10.0.0.2/24", "10.0.0.255")]
    [InlineData("10.0.0.2/1", "0.0.0.1")]
    [InlineData("10.0.0.2/1", "127.0.0.1")]
    public void AddressThatNoHostCanHave_IsRefused(string address, string? gateway) =>
        Assert.NotNull(Ipv4Routes.Fault(Cidr.Parse(address), gateway is null ? null : IpAddress.Parse(gateway)));
}
