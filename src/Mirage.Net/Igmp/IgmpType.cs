namespace Mirage.Net;

/// <summary>What an IGMP message is, RFC 9776 section 4.</summary>
internal enum IgmpType : byte
{
    /// <summary>A router asks who is in its groups.</summary>
    Query = 0x11,

    /// <summary>A host of version 1 is in a group.</summary>
    ReportV1 = 0x12,

    /// <summary>A host of version 2 is in a group.</summary>
    ReportV2 = 0x16,

    /// <summary>A host of version 2 has left a group.</summary>
    Leave = 0x17,

    /// <summary>A host of version 3 tells of all its groups, or of a change.</summary>
    ReportV3 = 0x22,
}
