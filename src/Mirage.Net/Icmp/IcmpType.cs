namespace Mirage.Net;

/// <summary>Types of ICMP messages, RFC 792.</summary>
public enum IcmpType : byte
{
    /// <summary>The answer to <see cref="Echo"/>.</summary>
    EchoReply = 0,

    /// <summary>A packet could not be delivered.</summary>
    DestinationUnreachable = 3,

    /// <summary>Slow down; deprecated by RFC 6633 and ignored.</summary>
    SourceQuench = 4,

    /// <summary>Another gateway is nearer; ignored.</summary>
    Redirect = 5,

    /// <summary>A request to be answered.</summary>
    Echo = 8,

    /// <summary>A packet had too many hops, or its fragments did not come.</summary>
    TimeExceeded = 11,

    /// <summary>A header could not be understood.</summary>
    ParameterProblem = 12,
}
