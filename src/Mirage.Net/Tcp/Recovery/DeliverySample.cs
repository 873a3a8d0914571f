namespace Mirage.Net;

/// <summary>The delivery rate that one acknowledgment shows, and what was sent and lost meanwhile.</summary>
/// <param name="PriorDelivered">Bytes that were delivered when the newest of what it confirms was sent.</param>
/// <param name="BytesPerSecond">The rate; 0 when it shows none.</param>
/// <param name="IsAppLimited">Whether the application, and not the path, set it.</param>
/// <param name="SentInFlight">Bytes that were on their way when the newest of what it confirms was sent.</param>
/// <param name="PriorLost">Bytes that were lost by then, modulo 2³².</param>
internal readonly record struct DeliverySample(
    long PriorDelivered, long BytesPerSecond, bool IsAppLimited, int SentInFlight, uint PriorLost);
