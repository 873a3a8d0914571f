namespace Mirage;

/// <summary>Ethernet II over a link: MirageOS's ETHERNET.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IEthernet<TSelf> : IDevice<TSelf> where TSelf : struct, IEthernet<TSelf>
{
    /// <summary>What the link below can do.</summary>
    static abstract NetworkInfo Info(TSelf ethernet);

    /// <summary>Prepends the Ethernet header and sends the frame. Longer than the MTU gives
    /// <see cref="WriteStatus.TooLong"/>.</summary>
    static abstract WriteStatus Write(TSelf ethernet, MacAddress destination, EtherType type, ref TransmitFrame frame);

    /// <summary>Takes a frame of the link. What is malformed, or is for another station, is dropped and
    /// counted.</summary>
    static abstract void Input<THandler>(TSelf ethernet, in ReceivedFrame frame, THandler handler)
        where THandler : struct, IEthernetHandler;
}
