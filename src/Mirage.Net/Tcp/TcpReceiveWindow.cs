using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The window that is offered to the peer: RFC 9293 sections 3.8.6 and 3.8.6.2.2, and RFC 7323 section
/// 2.</summary>
/// <remarks>The right edge never goes back. A scaled window counts in units of up to 16 KiB, so that the edge which the
/// peer was told of is seldom a whole number of units away: then the offer is rounded up, beyond the buffer by
/// a sixteenth of it at most. A peer that makes it creep further, by a great many tiny segments, sees it go back by
/// less than a unit, which section 2.4 of RFC 7323 says every sender bears.</remarks>
internal struct TcpReceiveWindow(TcpControlBlock block)
{
    /// <summary>The largest buffer that can be offered.</summary>
    public const int BufferMax = TcpLimits.WindowUnscaledMax << TcpLimits.WindowScaleMax;

    private const int SlackFraction = 16;
    private int _shift;

    /// <summary>One past the last number that the peer was allowed to send.</summary>
    public uint Edge { get; private set; }

    /// <summary>The shift that is asked for: the least with which the buffer can be offered whole, however large it
    /// becomes.</summary>
    public byte ShiftOffered { get; } = ShiftFor(block.Buffer.BytesMax);

    /// <summary>The most bytes that can be inside of the window now.</summary>
    public int BytesMax => block.Buffer.Bytes + SlackOf(block.Buffer.Bytes);

    /// <summary>The most bytes that can ever be inside of the window.</summary>
    public int BytesLimit => block.Buffer.BytesMax + SlackOf(block.Buffer.BytesMax);

    private int Unit => 1 << _shift;

    // The least by which it opens.
    private int Step => Math.Min(block.Buffer.Bytes / 2, block.Parameters.Mss);

    private int Free
    {
        get
        {
            var limit = Math.Min(Cap, block.Parameters.Memory?.WindowMax ?? int.MaxValue);
            return Math.Max(0, Math.Min(block.Buffer.Bytes, limit) - block.Unread.Length);
        }
    }

    /// <summary>What is offered at most, whatever the buffer is.</summary>
    public int Cap { get; set; } = int.MaxValue;

    /// <summary>What a SYN offers: it is never scaled, RFC 7323 section 2.2.</summary>
    public ushort Unscaled => (ushort)Math.Min(Free, TcpLimits.WindowUnscaledMax);

    /// <summary>The shift that is asked for when a buffer takes at most <paramref name="bytes"/>.</summary>
    public static byte ShiftFor(int bytes)
    {
        byte shift = 0;
        while (bytes >> shift > TcpLimits.WindowUnscaledMax && shift < TcpLimits.WindowScaleMax)
            shift++;
        return shift;
    }

    /// <summary>The peer's SYN is in: the window opens at <paramref name="next"/>.</summary>
    public void Start(uint next) => Edge = next.Plus(Unscaled);

    /// <summary>Whether both ends scale.</summary>
    public bool IsScaled { get; private set; }

    /// <summary>Both ends scale.</summary>
    public void Scale() => (IsScaled, _shift) = (true, ShiftOffered);

    /// <summary>Bytes that the peer may send.</summary>
    public int Size(uint next) => Math.Max(0, next.DistanceTo(Edge));

    /// <summary>Everything before <paramref name="next"/> is in. A FIN may be one beyond the edge.</summary>
    public void OnReceived(uint next) => Edge = SequenceNumber.Later(Edge, next);

    /// <summary>The window field of a segment that acknowledges <paramref name="next"/>. It is a promise from now
    /// on.</summary>
    public ushort Offer(uint next)
    {
        var target = Target(next);
        if (Edge.DistanceTo(target) >= Step)
            Edge = target; // Section 3.8.6.2.2: no small steps.
        var size = Size(next);
        var units = (size + Unit - 1) >> _shift;
        if (block.Unread.Length + ((long)units << _shift) > BytesMax)
            units = size >> _shift;
        units = Math.Min(units, TcpLimits.WindowUnscaledMax);
        Edge = SequenceNumber.Later(Edge, next.Plus(units << _shift));
        Debug.Assert(block.Unread.Length + Size(next) <= BytesMax, "No more is promised than there is room for.");
        return (ushort)units;
    }

    /// <summary>Whether the peer may send something, or can be told that it may.</summary>
    public bool IsOpen(uint next) => Size(next) > 0 || Edge.DistanceTo(Target(next)) >= Step;

    /// <summary>Whether the window could open so far that the peer should hear of it at once: a full segment or half of
    /// the buffer, and at least twice what it has. A peer with much left hears of it with the next
    /// acknowledgment.</summary>
    public bool IsNewsworthy(uint next)
    {
        var growth = Edge.DistanceTo(Target(next));
        return growth >= Step && growth >= Size(next);
    }

    private int SlackOf(int bytes) => ShiftOffered == 0 ? 0 : bytes / SlackFraction;

    private uint Target(uint next) => next.Plus(Math.Min(Free, TcpLimits.WindowUnscaledMax << _shift) & -Unit);
}
