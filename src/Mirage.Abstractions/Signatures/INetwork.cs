using LanguageExt;

namespace Mirage;

/// <summary>A link that carries Ethernet frames: MirageOS's NETWORK.</summary>
/// <remarks>
/// Frames are whole, never merged or cut but for what <see cref="NetworkInfo"/> declares; they may be lost. A frame
/// shorter than 60 bytes may arrive padded. The link hands up every frame that it receives, whatever its destination,
/// and none of its own.
/// </remarks>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface INetwork<TSelf> : IDevice<TSelf> where TSelf : struct, INetwork<TSelf>
{
    /// <summary>What the link can do; constant while it is connected.</summary>
    static abstract NetworkInfo Info(TSelf network);

    /// <summary>
    /// Sends one frame: its headers, which begin with the Ethernet header, and its payload. Both are read before the
    /// call returns. The device may prepend a header of its own.
    /// </summary>
    static abstract WriteStatus Write(TSelf network, ref TransmitFrame frame);

    /// <summary>Calls <paramref name="handler"/> on the loop for each frame received from now on. A link has one
    /// listener; the last one counts.</summary>
    static abstract void Listen<THandler>(TSelf network, THandler handler) where THandler : struct, IFrameHandler;

    /// <summary>What the link has carried.</summary>
    static abstract NetworkCounters Counters(TSelf network);

    /// <summary>
    /// Tells the link that <paramref name="port"/> is being served behind it. A link that stands between the unikernel
    /// and its clients opens the port to them and gives the end that they connect to; any other link gives None: the
    /// unikernel's own address is the way to it.
    /// </summary>
    /// <remarks>A functor over a link passes this and <see cref="Conceal"/> on. One that does not gives the default,
    /// and a server behind a user-mode network is then reached from nowhere.</remarks>
    /// <returns>The end, None, or why it could not be opened.</returns>
    static virtual Either<NetworkError, Option<Endpoint>> Expose(TSelf network, IpProtocol protocol, ushort port) =>
        Option<Endpoint>.None;

    /// <summary>Ends what <see cref="Expose"/> began.</summary>
    static virtual void Conceal(TSelf network, IpProtocol protocol, ushort port) { }
}
