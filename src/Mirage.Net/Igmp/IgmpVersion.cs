namespace Mirage.Net;

/// <summary>The version that a host speaks: the oldest one of a querier that was heard of late, RFC 9776 section
/// 7.2.1.</summary>
internal enum IgmpVersion : byte
{
    /// <summary>RFC 1112 appendix I.</summary>
    V1 = 1,

    /// <summary>RFC 2236.</summary>
    V2 = 2,

    /// <summary>RFC 3376, RFC 9776.</summary>
    V3 = 3,
}
