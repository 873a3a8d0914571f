namespace Mirage.Net;

/// <summary>Where a packet goes first.</summary>
internal enum Ipv4RouteKind : byte
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>To one station of the link.</summary>
    Neighbour,

    /// <summary>To a group, or to every station of the link.</summary>
    Group,
}
