namespace Mirage.Net;

/// <summary>How much is sent during fast recovery: in proportion to what arrives, so that what is in flight comes down
/// to the slow start threshold over one round trip. RFC 6937 section 3, with the reduction bound of RFC 9937 section
/// 6.</summary>
internal sealed class ProportionalRate
{
    private long _start; // RecoverFS
    private long _threshold; // ssthresh
    private long _delivered; // prr_delivered
    private long _sent; // prr_out

    /// <summary>Bytes that may be in flight.</summary>
    public long WindowBytes { get; private set; }

    /// <summary>Recovery begins with <paramref name="inFlight"/> bytes between SND.UNA and SND.NXT that were not
    /// confirmed before.</summary>
    public void Start(int inFlight, long threshold) =>
        (_start, _threshold, _delivered, _sent, WindowBytes) = (Math.Max(1, inFlight), threshold, 0, 0, 0);

    /// <summary>An acknowledgment confirms <paramref name="delivered"/> bytes more and leaves <paramref name="pipe"/>
    /// on their way.</summary>
    /// <param name="delivered">DeliveredData.</param>
    /// <param name="pipe">Bytes that are thought to be on their way.</param>
    /// <param name="isSafe">Whether the acknowledgment is a step forward and tells of no further loss.</param>
    /// <param name="segment">Bytes of a segment.</param>
    /// <param name="isPartial">Whether it shows the next hole, which is repaired at once: RFC 6582 section 3.2 step
    /// 3.</param>
    public void OnAcknowledged(int delivered, int pipe, bool isSafe, int segment, bool isPartial = false)
    {
        _delivered += delivered;
        long allowed;
        if (pipe > _threshold)
        {
            allowed = ((_delivered * _threshold) + _start - 1) / _start - _sent;
        }
        else
        {
            // What arrives may be replaced; a step forward grows it by a segment, as slow start would.
            var limit = Math.Max(_delivered - _sent, delivered) + (isSafe ? segment : 0);
            allowed = Math.Min(limit, _threshold - pipe);
        }

        if (_sent == 0 || isPartial)
            allowed = Math.Max(allowed, segment); // The first retransmission is not held back.
        WindowBytes = pipe + Math.Max(0, allowed);
    }

    /// <summary><paramref name="bytes"/> were sent.</summary>
    public void OnSent(int bytes) => _sent += bytes;
}
