namespace Mirage.Net;

/// <summary>What reading the options of an IPv4 header came to.</summary>
internal enum Ipv4OptionsStatus
{
    /// <summary>Well formed, and harmless to skip.</summary>
    Ok,

    /// <summary>An option's length is impossible.</summary>
    Malformed,

    /// <summary>The sender prescribes the way.</summary>
    SourceRoute,
}
