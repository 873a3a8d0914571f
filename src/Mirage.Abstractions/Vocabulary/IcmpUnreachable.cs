namespace Mirage;

/// <summary>Why a packet did not arrive: the codes of RFC 792's destination unreachable, and the two causes beside
/// it.</summary>
public enum IcmpUnreachable : byte
{
    /// <summary>No route to the network, code 0.</summary>
    Network = 0,

    /// <summary>The host does not answer, code 1.</summary>
    Host = 1,

    /// <summary>The host does not speak the protocol, code 2.</summary>
    Protocol = 2,

    /// <summary>Nobody listens on the port, code 3.</summary>
    Port = 3,

    /// <summary>Too long for a link on the way, and not to be fragmented, code 4; RFC 1191.</summary>
    FragmentationNeeded = 4,

    /// <summary>Forbidden by a filter, codes 9, 10 and 13.</summary>
    Prohibited = 13,

    /// <summary>Too many hops, or fragments that never came, type 11.</summary>
    TimeExceeded = 100,

    /// <summary>A header that could not be understood, type 12.</summary>
    ParameterProblem = 101,
}
