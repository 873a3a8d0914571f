namespace Mirage.Net;

/// <summary>What a listener offers to a peer in its answer to a SYN: what a machine would say in its place.</summary>
/// <param name="SegmentSize">The largest segment that the link takes.</param>
/// <param name="ReceiveBuffer">Bytes that the connection's receive queue will take.</param>
internal readonly record struct TcpOffer(ushort SegmentSize, int ReceiveBuffer)
{
    /// <summary>Bytes that it will take at most, when that is more.</summary>
    public int ReceiveBufferMax { get; init; }

    /// <summary>Whether selective acknowledgments are agreed on with a peer that asks.</summary>
    public bool Sack { get; init; }

    /// <summary>Whether timestamps are.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Whether explicit congestion notification is.</summary>
    public bool Ecn { get; init; }

    /// <summary>The window: not scaled yet, RFC 7323 section 2.2.</summary>
    public ushort Window => (ushort)Math.Min(ReceiveBuffer, TcpLimits.WindowUnscaledMax);

    /// <summary>SYN and ACK, numbered <paramref name="initial"/>, at <paramref name="clock"/> of this end's
    /// timestamps. What is sent again has no option that it may have been lost for, RFC 9768 section
    /// 3.2.3.2.2.</summary>
    public TcpHeader Answer(TcpFlowKey key, in TcpSyn syn, uint initial, uint clock, bool isRepeated = false)
    {
        var ecn = Ecn && !syn.IsEcnWithdrawn ? syn.Ecn : TcpEcnMode.Off;
        var flags = TcpFlags.Syn | TcpFlags.Ack | TcpEcn.AnswerOf(ecn, syn.EcnField);
        TcpOptions options = new()
        {
            MaximumSegmentSize = SegmentSize,
            WindowScale = syn.WindowShift is null
                ? null
                : TcpReceiveWindow.ShiftFor(Math.Max(ReceiveBuffer, ReceiveBufferMax)),
            SackPermitted = Sack && syn.IsSackPermitted,
            Timestamps = Timestamps && syn.IsTimed ? new(clock, syn.Timestamp) : null,
            AccurateEcn = ecn is TcpEcnMode.Accurate && !isRepeated ? TcpAccurateEcnOption.Initial : null,
        };
        return new(key.Local.Port, key.Remote.Port, initial, syn.Sequence.Plus(1), flags, Window) { Options = options };
    }
}
