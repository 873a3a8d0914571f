namespace Mirage.Net;

/// <summary>The three flags of an IPv4 header, as bits 15 to 13 of their word.</summary>
[Flags]
public enum Ipv4Flags : ushort
{
    /// <summary>A whole datagram that may be fragmented.</summary>
    None = 0,

    /// <summary>More fragments follow.</summary>
    MoreFragments = 0x2000,

    /// <summary>Not to be fragmented.</summary>
    DontFragment = 0x4000,

    /// <summary>Without meaning; kept as received.</summary>
    Reserved = 0x8000,
}
