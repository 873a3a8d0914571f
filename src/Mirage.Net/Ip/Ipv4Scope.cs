namespace Mirage.Net;

/// <summary>Whom a packet is for, as its destination address tells.</summary>
internal enum Ipv4Scope : byte
{
    /// <summary>Another host, or a group that this host is not in.</summary>
    Foreign,

    /// <summary>This host.</summary>
    Own,

    /// <summary>Every host of the link.</summary>
    Broadcast,

    /// <summary>A group that this host is in.</summary>
    Group,
}
