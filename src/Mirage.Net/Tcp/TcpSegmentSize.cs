namespace Mirage.Net;

/// <summary>How much payload a segment takes on its way to the peer, RFC 9293 section 3.7.1.</summary>
internal struct TcpSegmentSize(TcpControlBlock block)
{
    private readonly bool _isV4 = block.Identity.Local.Address.IsV4;
    private int _peer = block.Identity.Local.Address.IsV4 ? TcpLimits.MssDefaultV4 : TcpLimits.MssDefaultV6;

    /// <summary>Payload of a segment that is sent now: what the link, the path and the peer take, less the options.
    /// RFC 6691 section 2: what an MSS says is without options, and whoever sends some shortens the payload by
    /// them.</summary>
    public int Effective => Steady - block.Sack.Size;

    /// <summary>Payload of a full segment while nothing is missing on this side: what windows are counted
    /// in.</summary>
    public int Steady => Maximum - (block.Timestamps.IsOn ? TcpTimestampState.OptionSize : 0);

    /// <summary>Payload of a segment without options.</summary>
    public int Maximum => Math.Max(TcpLimits.MssFloor, Math.Min(Math.Min(block.Parameters.Mss, _peer), Path));

    /// <summary>The most that the path is known to take, without options; a number that nothing reaches while nothing
    /// is known.</summary>
    public int Path { get; set; } = int.MaxValue;

    /// <summary>Bytes that options take from a segment now.</summary>
    public int Overhead => Maximum - Effective;

    /// <summary>What nearly every path takes: BASE_PLPMTU of RFC 8899 section 5.1.2.</summary>
    public int Base => TcpLimits.PathMtuBase - Headers;

    /// <summary>What every path takes.</summary>
    public int Floor => PathFloor;

    /// <summary>What is offered to the peer.</summary>
    public ushort Offered => (ushort)Math.Clamp(block.Parameters.Mss, TcpLimits.MssFloor, ushort.MaxValue);

    private int Headers => _isV4 ? 40 : 60;

    private int PathFloor => (_isV4 ? TcpLimits.PathMtuFloorV4 : TcpLimits.PathMtuFloorV6) - Headers;

    /// <summary>The peer's SYN is in. Without the option it takes what RFC 9293 MUST-15 and MUST-16 say.</summary>
    public void Negotiate(in TcpOptions peer) => _peer = peer.MaximumSegmentSize ?? _peer;

    /// <summary>A router dropped a packet that was longer than <paramref name="mtu"/>; 0 when it did not say how long
    /// is too long.</summary>
    /// <returns>Whether segments are shorter from now on. They never become longer by an error that anybody could
    /// forge.</returns>
    public bool TryLower(int mtu)
    {
        var before = Maximum;
        var limit = mtu > 0 ? mtu - Headers : NextPlateau(before + Headers) - Headers;
        Path = Math.Min(Path, Math.Max(limit, PathFloor));
        return Maximum < before;
    }

    // RFC 1191 section 7.1, from a time when routers did not say: the next lower MTU that links have.
    private static int NextPlateau(int mtu) => mtu switch
    {
        > 32000 => 32000,
        > 17914 => 17914,
        > 8166 => 8166,
        > 4352 => 4352,
        > 2002 => 2002,
        > 1492 => 1492,
        > 1006 => 1006,
        _ => 508,
    };
}
