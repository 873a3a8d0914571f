namespace Mirage;

/// <summary>What became of a frame or packet that was handed down. Nothing is retried below: a packet that did not go
/// is lost.</summary>
public enum WriteStatus
{
    /// <summary>Accepted by the layer below, or queued there within a bound.</summary>
    Ok,

    /// <summary>A queue below is full: the packet is dropped and counted, as a network drops it.</summary>
    Full,

    /// <summary>Longer than the MTU and not allowed to be split.</summary>
    TooLong,

    /// <summary>No address or gateway leads to the destination.</summary>
    NoRoute,

    /// <summary>The device is disconnected.</summary>
    Disconnected,
}
