namespace Mirage.Net;

/// <summary>How far delivery was when a piece was sent: what the rate of its acknowledgment is counted from.</summary>
/// <param name="Bytes">Bytes delivered by then.</param>
/// <param name="DeliveredNs">When the last of them was acknowledged.</param>
/// <param name="FirstSentNs">When the piece was sent that was acknowledged last by then.</param>
/// <param name="IsAppLimited">Whether the application had not enough to send.</param>
internal readonly record struct DeliverySnapshot(long Bytes, long DeliveredNs, long FirstSentNs, bool IsAppLimited);
