using System.Buffers.Binary;

namespace Mirage.Unix;

/// <summary>What the kernel tells of a connection: <c>struct tcp_info</c> of <c>linux/tcp.h</c>, which only grows at
/// its end.</summary>
internal static unsafe class KernelTcpInfo
{
    private const int StateOffset = 0, OptionsOffset = 5, RtoOffset = 8, SentMssOffset = 16, ReceivedMssOffset = 20;
    private const int UnacknowledgedOffset = 24, RttOffset = 68, VariationOffset = 72, ThresholdOffset = 76;
    private const int WindowOffset = 80, AcknowledgedOffset = 120, ReceivedOffset = 128, SegmentsOutOffset = 136;
    private const int SegmentsInOffset = 140, UnsentOffset = 144, PeerWindowOffset = 228, OwnWindowOffset = 232;
    private const int SackedOffset = 28, LostOffset = 32, RetransmittedOffset = 100;
    private const int PacingRateOffset = 104, DeliveryRateOffset = 160, MarkedOffset = 196;
    private const int Size = 248;
    private const int HasTimestamps = 1, HasSack = 2, HasWindowScale = 4, HasEcn = 8;

    /// <summary>Asks about a connected socket. What a kernel does not know yet is zero.</summary>
    public static TcpInfo Read(int descriptor)
    {
        var image = stackalloc byte[Size];
        new Span<byte>(image, Size).Clear();
        var length = Size;
        return Libc.GetSocketOption(descriptor, Libc.LevelTcp, Libc.OptionTcpInfo, image, &length) == 0
            ? Parse(new(image, Size))
            : default;
    }

    private static TcpInfo Parse(ReadOnlySpan<byte> image)
    {
        var options = image[OptionsOffset];
        long segment = Word(image, SentMssOffset);
        var rtt = Word(image, RttOffset);
        return new()
        {
            State = StateOf(image[StateOffset]),
            HasTimestamps = (options & HasTimestamps) != 0,
            HasSack = (options & HasSack) != 0,
            HasWindowScale = (options & HasWindowScale) != 0,
            HasEcn = (options & HasEcn) != 0,
            SmoothedRtt = rtt == 0 ? null : TimeSpan.FromMicroseconds(rtt),
            RttVariation = TimeSpan.FromMicroseconds(Word(image, VariationOffset)),
            CurrentRto = TimeSpan.FromMicroseconds(Word(image, RtoOffset)),
            CurrentCwnd = Word(image, WindowOffset) * segment, // The kernel counts these, and those below, in segments.
            CurrentSsthresh = Word(image, ThresholdOffset) * segment,
            Unacknowledged = Word(image, UnacknowledgedOffset) * segment,
            CurrentMss = (int)segment,
            ReceivedMss = (int)Word(image, ReceivedMssOffset),
            Unsent = Word(image, UnsentOffset),
            PeerWindow = Word(image, PeerWindowOffset),
            OwnWindow = Word(image, OwnWindowOffset),
            OctetsAcknowledged = (long)BinaryPrimitives.ReadUInt64LittleEndian(image[AcknowledgedOffset..]),
            OctetsReceived = (long)BinaryPrimitives.ReadUInt64LittleEndian(image[ReceivedOffset..]),
            Sacked = Word(image, SackedOffset) * segment,
            Lost = Word(image, LostOffset) * segment,
            SegmentsRetransmitted = Word(image, RetransmittedOffset),
            SegmentsOut = Word(image, SegmentsOutOffset),
            SegmentsMarked = Word(image, MarkedOffset),
            DeliveryRate = Rate(image, DeliveryRateOffset),
            PacingRate = Rate(image, PacingRateOffset),
            SegmentsIn = Word(image, SegmentsInOffset),
        };
    }

    // The kernel's numbers begin with TCP_ESTABLISHED = 1.
    private static TcpState StateOf(byte state) => state switch
    {
        1 => TcpState.Established,
        2 => TcpState.SynSent,
        3 => TcpState.SynReceived,
        4 => TcpState.FinWait1,
        5 => TcpState.FinWait2,
        6 => TcpState.TimeWait,
        8 => TcpState.CloseWait,
        9 => TcpState.LastAck,
        11 => TcpState.Closing,
        _ => TcpState.Closed,
    };

    // All ones stand for no limit.
    private static long Rate(ReadOnlySpan<byte> image, int offset) =>
        Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(image[offset..]));

    private static uint Word(ReadOnlySpan<byte> image, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(image[offset..]);
}
