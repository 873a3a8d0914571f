namespace Mirage.Net;

/// <summary>What a faulty link did to the frames that went through it.</summary>
/// <param name="Sent">Frames of this end that were struck: lost, duplicated, changed or held back.</param>
/// <param name="Received">The same of frames to this end.</param>
/// <param name="Overflowed">Frames dropped because too many were held back, in either direction.</param>
public readonly record struct LinkFaultCounters(long Sent, long Received, long Overflowed);
