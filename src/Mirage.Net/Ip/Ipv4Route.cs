namespace Mirage.Net;

/// <summary>How a packet leaves this host.</summary>
/// <param name="Kind">Whether it does, and to whom.</param>
/// <param name="NextHop">With <see cref="Ipv4RouteKind.Neighbour"/>, the station that it is handed to.</param>
/// <param name="Mac">With <see cref="Ipv4RouteKind.Group"/>, the group's link address.</param>
internal readonly record struct Ipv4Route(Ipv4RouteKind Kind, IpAddress NextHop, MacAddress Mac);
