namespace Mirage.Net;

/// <summary>A message of IGMP to be sent, with a TTL of 1 and the router alert option.</summary>
/// <param name="Destination">The group that it is sent to.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct IgmpTransmit(IpAddress Destination, int Length);
