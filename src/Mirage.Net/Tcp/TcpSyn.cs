namespace Mirage.Net;

/// <summary>What a peer's SYN says, which is all that is kept of it until the handshake is over: sixteen
/// bytes.</summary>
/// <remarks>What it carries besides is not kept and not acknowledged: RFC 9293 section 3.10.7.2 lets it be, and the
/// peer sends it again.</remarks>
/// <param name="Sequence">Its number, IRS.</param>
/// <param name="Window">Its window, which is never scaled.</param>
internal readonly record struct TcpSyn(uint Sequence, ushort Window)
{
    private const byte HasScale = 0x10, HasTimestamp = 0x20, HasSack = 0x40, HasWithdrawn = 0x80;
    private const byte ScaleBits = 0x0F;

    private readonly byte _bits;

    /// <summary>The peer's clock, TSval; meaningful when <see cref="IsTimed"/>.</summary>
    public uint Timestamp { get; init; }

    /// <summary>Its maximum segment size; 0 when it does not say. One that says 0 counts as 1: both are far below what
    /// is used.</summary>
    public ushort SegmentSize { get; init; }

    /// <summary>Whether it has the timestamps option.</summary>
    public bool IsTimed
    {
        get => (_bits & HasTimestamp) != 0;
        init => _bits = With(HasTimestamp, value);
    }

    /// <summary>Whether the peer takes selective acknowledgments.</summary>
    public bool IsSackPermitted
    {
        get => (_bits & HasSack) != 0;
        init => _bits = With(HasSack, value);
    }

    /// <summary>Which congestion notification it asks for, RFC 3168 section 6.1.1 and RFC 9768 section 3.1.1.</summary>
    public TcpEcnMode Ecn { get; init; }

    /// <summary>Whether one of the SYNs, or of our answers, was without it.</summary>
    public bool IsEcnWithdrawn
    {
        get => (_bits & HasWithdrawn) != 0;
        init => _bits = With(HasWithdrawn, value);
    }

    /// <summary>The ECN field that it came in.</summary>
    public byte EcnField { get; init; }

    /// <summary>The shift of the peer's windows, at most 14; null when they are not scaled.</summary>
    public int? WindowShift
    {
        get => (_bits & HasScale) != 0 ? _bits & ScaleBits : null;
        init => _bits = value is { } shift
            ? (byte)((_bits & ~ScaleBits) | HasScale | Math.Min(shift, TcpLimits.WindowScaleMax))
            : (byte)(_bits & ~(ScaleBits | HasScale));
    }

    public static TcpSyn Of(in TcpSegment segment)
    {
        var header = segment.Header;
        var options = header.Options;
        return new(header.Sequence, header.Window)
        {
            Timestamp = options.Timestamps?.Value ?? 0,
            SegmentSize = options.MaximumSegmentSize is { } size ? Math.Max(size, (ushort)1) : (ushort)0,
            IsTimed = options.Timestamps is not null,
            IsSackPermitted = options.SackPermitted,
            Ecn = TcpEcn.ModeOf(header.Flags),
            EcnField = segment.Ecn,
            WindowShift = options.WindowScale,
        };
    }

    /// <summary>The SYN again, as a machine takes it.</summary>
    public TcpSegment ToSegment(TcpFlowKey key)
    {
        var flags = TcpFlags.Syn | TcpEcn.FlagsOf(Ecn);
        TcpOptions options = new()
        {
            MaximumSegmentSize = SegmentSize == 0 ? null : SegmentSize,
            WindowScale = (byte?)WindowShift,
            SackPermitted = IsSackPermitted,
            Timestamps = IsTimed ? new(Timestamp, 0) : null,
        };
        var header = new TcpHeader(key.Remote.Port, key.Local.Port, Sequence, 0, flags, Window) { Options = options };
        return new(header, default) { Ecn = EcnField };
    }

    private byte With(byte bit, bool value) => (byte)(value ? _bits | bit : _bits & ~bit);
}
