namespace Mirage.Net;

/// <summary>What became of packets: ipSystemStatsTable of RFC 4293, with details that it lacks.</summary>
internal sealed class Ipv4Counters
{
    /// <summary>ipSystemStatsInReceives.</summary>
    public long InReceives;

    /// <summary>ipSystemStatsInHdrErrors: version, lengths, checksum, options.</summary>
    public long InHdrErrors;

    /// <summary>ipSystemStatsInTruncatedPkts: the frame ends before the packet.</summary>
    public long InTruncatedPkts;

    /// <summary>ipSystemStatsInAddrErrors: for another host, or from one that cannot be.</summary>
    public long InAddrErrors;

    /// <summary>Of <see cref="InAddrErrors"/>, those whose source is nobody's own.</summary>
    public long InMartians;

    /// <summary>ipSystemStatsInDiscards: well formed and refused, as a source route is.</summary>
    public long InDiscards;

    /// <summary>ipSystemStatsInDelivers.</summary>
    public long InDelivers;

    /// <summary>ipSystemStatsReasmReqds.</summary>
    public long ReasmReqds;

    /// <summary>ipSystemStatsReasmOKs.</summary>
    public long ReasmOKs;

    /// <summary>ipSystemStatsReasmFails.</summary>
    public long ReasmFails;

    /// <summary>ipSystemStatsOutRequests.</summary>
    public long OutRequests;

    /// <summary>ipSystemStatsOutNoRoutes.</summary>
    public long OutNoRoutes;

    /// <summary>ipSystemStatsOutDiscards: no room to wait for the next hop's link address, or it did not
    /// answer.</summary>
    public long OutDiscards;

    /// <summary>ipSystemStatsOutFragOKs.</summary>
    public long OutFragOKs;

    /// <summary>ipSystemStatsOutFragFails.</summary>
    public long OutFragFails;

    /// <summary>ipSystemStatsOutFragCreates.</summary>
    public long OutFragCreates;
}
