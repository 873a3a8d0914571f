namespace Mirage.Net;

/// <summary>Round trips counted by what is sent: one ends when something is confirmed that was sent after it began.
/// draft-ietf-ccwg-bbr section 5.5.1.</summary>
internal struct BbrRound
{
    private long _end; // BBR.next_round_delivered

    /// <summary>Whether the acknowledgment that came last ends one.</summary>
    public bool IsStart { get; private set; }

    /// <summary>How many have ended.</summary>
    public int Count { get; private set; }

    /// <summary>Takes an acknowledgment.</summary>
    public void Take(in TcpAckSample sample)
    {
        IsStart = sample.PriorDelivered >= _end;
        if (!IsStart)
            return;
        Begin(sample.Delivered);
        Count++;
    }

    /// <summary>One begins, with <paramref name="delivered"/> bytes confirmed so far.</summary>
    public void Begin(long delivered) => _end = delivered;
}
