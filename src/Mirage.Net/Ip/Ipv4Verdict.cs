namespace Mirage.Net;

/// <summary>What is to be done with a received IPv4 packet.</summary>
internal enum Ipv4Verdict
{
    /// <summary>Nothing: it is counted.</summary>
    Drop,

    /// <summary>Handing it up.</summary>
    Deliver,

    /// <summary>Handing it to <see cref="Ipv4Machine.HandleFragment"/>.</summary>
    Fragment,

    /// <summary>Telling its sender that an option is malformed.</summary>
    ParameterProblem,
}
