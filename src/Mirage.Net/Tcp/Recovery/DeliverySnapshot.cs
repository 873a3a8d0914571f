namespace Mirage.Net;

/// <summary>How far delivery was when a piece was sent: what the rate of its acknowledgment is counted from, and the
/// losses since.</summary>
/// <remarks>There is one for each piece in flight: what is packed keeps it at 32 bytes.</remarks>
/// <param name="bytes">Bytes delivered by then.</param>
/// <param name="deliveredNs">When the last of them was acknowledged.</param>
/// <param name="firstSentNs">When the piece was sent that was acknowledged last by then.</param>
/// <param name="lost">Bytes lost by then, modulo 2³².</param>
/// <param name="inFlight">Bytes on their way with it.</param>
/// <param name="isAppLimited">Whether the application had not enough to send.</param>
internal readonly struct DeliverySnapshot(
    long bytes, long deliveredNs, long firstSentNs, uint lost, int inFlight, bool isAppLimited)
{
    private readonly int _inFlight = isAppLimited ? ~inFlight : inFlight;

    /// <summary>P.delivered: bytes delivered by then.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>P.delivered_time: when the last of them was acknowledged.</summary>
    public long DeliveredNs { get; } = deliveredNs;

    /// <summary>P.first_send_time: when the piece was sent that was acknowledged last by then.</summary>
    public long FirstSentNs { get; } = firstSentNs;

    /// <summary>P.lost: bytes lost by then, modulo 2³².</summary>
    public uint Lost { get; } = lost;

    /// <summary>P.tx_in_flight: bytes on their way with it.</summary>
    public int InFlight => _inFlight < 0 ? ~_inFlight : _inFlight;

    /// <summary>P.is_app_limited: whether the application had not enough to send.</summary>
    public bool IsAppLimited => _inFlight < 0;
}
