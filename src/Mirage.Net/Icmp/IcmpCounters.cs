namespace Mirage.Net;

/// <summary>What became of messages: icmpStatsTable of RFC 4293, with details that it lacks.</summary>
internal sealed class IcmpCounters
{
    /// <summary>icmpStatsInMsgs.</summary>
    public long InMsgs;

    /// <summary>icmpStatsInErrors: too short, or with a wrong checksum.</summary>
    public long InErrors;

    /// <summary>Echo requests answered.</summary>
    public long InEchos;

    /// <summary>Replies that answer a request of ours.</summary>
    public long InEchoReps;

    /// <summary>Messages that nothing is done about: other types, echoes to a broadcast, replies that nobody waits
    /// for.</summary>
    public long InIgnored;

    /// <summary>Errors handed up.</summary>
    public long InUnreachable;

    /// <summary>Errors that quote no packet of ours, or too little of it.</summary>
    public long InForged;

    /// <summary>Errors sent.</summary>
    public long OutErrors;
}
