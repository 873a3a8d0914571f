namespace Mirage;

/// <summary>What a link has carried since it was connected.</summary>
/// <param name="ReceivedFrames">Frames handed to the listener.</param>
/// <param name="ReceivedBytes">Their bytes.</param>
/// <param name="SentFrames">Frames accepted for sending.</param>
/// <param name="SentBytes">Their bytes.</param>
/// <param name="Dropped">Frames that went nowhere, in either direction.</param>
public readonly record struct NetworkCounters(
    long ReceivedFrames, long ReceivedBytes, long SentFrames, long SentBytes, long Dropped);
