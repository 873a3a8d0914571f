namespace Mirage.Net;

/// <summary>What became of datagrams: the udp group of RFC 4113.</summary>
internal sealed class UdpCounters
{
    /// <summary>udpInDatagrams: delivered.</summary>
    public long InDatagrams;

    /// <summary>udpNoPorts: nobody listens.</summary>
    public long NoPorts;

    /// <summary>udpInErrors: malformed, with a wrong checksum, or merged of too many.</summary>
    public long InErrors;

    /// <summary>Of <see cref="InErrors"/>, those whose checksum is wrong.</summary>
    public long InCsumErrors;

    /// <summary>Datagrams to groups that this host's ports did not get, because too many waited.</summary>
    public long LoopbackDrops;

    /// <summary>udpOutDatagrams.</summary>
    public long OutDatagrams;

    /// <summary>ICMP errors about datagrams from a bound port.</summary>
    public long InUnreachable;
}
