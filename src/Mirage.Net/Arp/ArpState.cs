namespace Mirage.Net;

/// <summary>How far a neighbour is trusted; the words are those of RFC 4861 section 7.3.2, which ARP lacks.</summary>
internal enum ArpState : byte
{
    /// <summary>Asked for by broadcast; its link address is not known.</summary>
    Incomplete,

    /// <summary>It claimed an address without being asked, and was not sent to since.</summary>
    Stale,

    /// <summary>As stale, and in use: it is about to be polled.</summary>
    Delay,

    /// <summary>It answered a request of ours lately.</summary>
    Reachable,

    /// <summary>It is being polled by unicast and still used.</summary>
    Probe,
}
