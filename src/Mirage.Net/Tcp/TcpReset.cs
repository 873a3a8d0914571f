namespace Mirage.Net;

/// <summary>The reset that answers a segment without a connection.</summary>
internal static class TcpReset
{
    /// <summary>The answer to a segment that belongs to no connection, RFC 9293 section 3.10.7.1, or to a listener that
    /// it acknowledges something to, section 3.10.7.2.</summary>
    /// <returns>False for a reset: it is never answered, so that two stacks cannot keep each other busy.</returns>
    public static bool For(in TcpSegment segment, out TcpHeader reset)
    {
        var header = segment.Header;
        reset = default;
        if (segment.Has(TcpFlags.Rst))
            return false;

        // With ACK the reset has the number that the peer waits for; without it, it acknowledges the whole segment, so
        // that the peer can tell what the reset is about.
        var (local, remote) = (header.DestinationPort, header.SourcePort);
        var end = header.Sequence.Plus(segment.SequenceLength);
        reset = segment.Has(TcpFlags.Ack)
            ? new(local, remote, header.Acknowledgment, 0, TcpFlags.Rst, 0)
            : new(local, remote, 0, end, TcpFlags.Rst | TcpFlags.Ack, 0);
        return true;
    }
}
