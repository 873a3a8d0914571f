namespace Mirage.Net;

/// <summary>
/// Puts faults on a link in code: <c>port.WithDelay(host, latency).WithLoss(host, permille: 100)</c>.
/// </summary>
public static class LinkFaults
{
    /// <inheritdoc cref="Lossy{TNetwork}.Over"/>
    public static Lossy<TNetwork> WithLoss<TNetwork>(
        this TNetwork network, Host host, int permille, LinkDirections directions = LinkDirections.Both)
        where TNetwork : struct, INetwork<TNetwork> => Lossy<TNetwork>.Over(host, network, permille, directions);

    /// <inheritdoc cref="Duplicating{TNetwork}.Over"/>
    public static Duplicating<TNetwork> WithDuplication<TNetwork>(
        this TNetwork network, Host host, int permille, LinkDirections directions = LinkDirections.Both)
        where TNetwork : struct, INetwork<TNetwork> => Duplicating<TNetwork>.Over(host, network, permille, directions);

    /// <inheritdoc cref="Corrupting{TNetwork}.Over"/>
    public static Corrupting<TNetwork> WithCorruption<TNetwork>(
        this TNetwork network, Host host, int permille, LinkDirections directions = LinkDirections.Both)
        where TNetwork : struct, INetwork<TNetwork> => Corrupting<TNetwork>.Over(host, network, permille, directions);

    /// <inheritdoc cref="Reordering{TNetwork}.Over"/>
    public static Reordering<TNetwork> WithReordering<TNetwork>(this TNetwork network, Host host, int permille,
        TimeSpan? window = null, LinkDirections directions = LinkDirections.Both)
        where TNetwork : struct, INetwork<TNetwork> =>
        Reordering<TNetwork>.Over(host, network, permille, window, directions);

    /// <inheritdoc cref="Delaying{TNetwork}.Over"/>
    public static Delaying<TNetwork> WithDelay<TNetwork>(this TNetwork network, Host host, TimeSpan delay,
        TimeSpan jitter = default, LinkDirections directions = LinkDirections.Both)
        where TNetwork : struct, INetwork<TNetwork> =>
        Delaying<TNetwork>.Over(host, network, delay, jitter, directions);

    /// <inheritdoc cref="RateLimited{TNetwork}.Over"/>
    public static RateLimited<TNetwork> WithRate<TNetwork>(this TNetwork network, Host host, long bitsPerSecond,
        int queueBytes = RateLimited<TNetwork>.DefaultQueueBytes, LinkDirections directions = LinkDirections.Both)
        where TNetwork : struct, INetwork<TNetwork> =>
        RateLimited<TNetwork>.Over(host, network, bitsPerSecond, queueBytes, directions);

    /// <inheritdoc cref="MtuLimited{TNetwork}.Over"/>
    public static MtuLimited<TNetwork> WithMtu<TNetwork>(this TNetwork network, int mtu, bool declared = true)
        where TNetwork : struct, INetwork<TNetwork> => MtuLimited<TNetwork>.Over(network, mtu, declared);

    /// <inheritdoc cref="Outage{TNetwork}.Over"/>
    public static Outage<TNetwork> WithOutages<TNetwork>(
        this TNetwork network, Host host, TimeSpan every = default, TimeSpan length = default)
        where TNetwork : struct, INetwork<TNetwork> => Outage<TNetwork>.Over(host, network, every, length);

    /// <inheritdoc cref="PcapRecorder{TNetwork}.Over"/>
    public static PcapRecorder<TNetwork> WithPcap<TNetwork>(
        this TNetwork network, Host host, Stream stream, int snapLength = PcapFileHeader.SnapLengthMax)
        where TNetwork : struct, INetwork<TNetwork> => PcapRecorder<TNetwork>.Over(host, network, stream, snapLength);
}
