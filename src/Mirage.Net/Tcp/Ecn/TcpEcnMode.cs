namespace Mirage.Net;

/// <summary>Which congestion notification both ends have agreed on.</summary>
internal enum TcpEcnMode : byte
{
    /// <summary>None.</summary>
    Off,

    /// <summary>RFC 3168: whether there was a mark.</summary>
    Classic,

    /// <summary>RFC 9768: how many there were.</summary>
    Accurate,
}
