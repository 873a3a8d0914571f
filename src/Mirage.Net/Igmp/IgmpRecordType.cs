namespace Mirage.Net;

/// <summary>What a record of a report says, RFC 9776 section 4.2.13: those that a host uses which takes a group from
/// every source or not at all.</summary>
internal enum IgmpRecordType : byte
{
    /// <summary>The host is in the group, as it was.</summary>
    IsExclude = 2,

    /// <summary>The host has left the group.</summary>
    ToInclude = 3,

    /// <summary>The host has joined the group.</summary>
    ToExclude = 4,
}
