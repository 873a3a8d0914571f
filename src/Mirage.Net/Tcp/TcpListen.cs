namespace Mirage.Net;

/// <summary>The LISTEN state, which has no state of its own: RFC 9293 section 3.10.7.2.</summary>
internal static class TcpListen
{
    /// <summary>What to do with <paramref name="segment"/>, sent from <paramref name="source"/> to
    /// <paramref name="destination"/>.</summary>
    public static TcpListenAnswer Judge(in TcpSegment segment, IpAddress source, IpAddress destination)
    {
        // RFC 9293 section 3.9.2.3: what cannot be one host is neither opened to nor answered.
        if (!IsHost(source) || !IsHost(destination) || segment.Has(TcpFlags.Rst))
            return TcpListenAnswer.Drop;
        if (segment.Has(TcpFlags.Ack))
            return TcpListenAnswer.Reset; // An old segment, or one of a connection that a crash has made us forget.
        var isOpen = segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Fin);
        return isOpen ? TcpListenAnswer.Open : TcpListenAnswer.Drop;
    }

    // The broadcast address of a subnet is known to the IP layer, which does not hand such packets up.
    private static bool IsHost(IpAddress address) =>
        !address.IsMulticast && !address.IsUnspecified && address != IpAddress.BroadcastV4;
}
