namespace Mirage.Net;

/// <summary>What became of IGMP messages.</summary>
internal sealed class IgmpCounters
{
    /// <summary>Messages received.</summary>
    public long InMsgs;

    /// <summary>Those that were malformed, or had a wrong checksum.</summary>
    public long InErrors;

    /// <summary>Those that a router might have passed on: a TTL that is not 1, or no router alert where RFC 9776
    /// section 9.1 wants one.</summary>
    public long InForeign;

    /// <summary>Queries that were taken.</summary>
    public long InQueries;

    /// <summary>Reports of other hosts.</summary>
    public long InReports;

    /// <summary>Reports and leaves sent.</summary>
    public long OutMsgs;
}
