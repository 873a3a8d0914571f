namespace Mirage.Net;

/// <summary>What BBR is doing: draft-ietf-ccwg-bbr section 5.1. The order of the ProbeBW states is that of a
/// cycle.</summary>
internal enum BbrState
{
    /// <summary>Looks for the bandwidth by doubling the rate each round trip.</summary>
    Startup,

    /// <summary>Lets the queue drain that Startup made.</summary>
    Drain,

    /// <summary>ProbeBW_DOWN: sends slower than the path delivers, to leave room.</summary>
    ProbeBwDown,

    /// <summary>ProbeBW_CRUISE: sends as fast as the path delivers.</summary>
    ProbeBwCruise,

    /// <summary>ProbeBW_REFILL: fills the path for a round trip before it is probed.</summary>
    ProbeBwRefill,

    /// <summary>ProbeBW_UP: sends faster than the path has delivered so far.</summary>
    ProbeBwUp,

    /// <summary>Has little in flight, to see the round trip of an empty path.</summary>
    ProbeRtt,
}
