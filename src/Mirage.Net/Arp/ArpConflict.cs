namespace Mirage.Net;

/// <summary>Two stations claim one address: one of ours, or a neighbour's that has just moved.</summary>
internal readonly record struct ArpConflict(IpAddress Ip, MacAddress Holder, MacAddress Claimant);
