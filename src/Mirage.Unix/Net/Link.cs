using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>What a <see cref="Netif"/> was connected to: a descriptor of the kernel or the user-mode network.</summary>
internal abstract class Link
{
    /// <summary>What the link can do; constant.</summary>
    public abstract NetworkInfo Info { get; }

    /// <summary>What it has carried.</summary>
    public abstract NetworkCounters Counters { get; }

    /// <summary>Sends one frame before the call returns.</summary>
    public abstract WriteStatus Write(ref TransmitFrame frame);

    /// <summary>Hands every frame to <paramref name="sink"/> from now on.</summary>
    public abstract void Listen(FrameSink sink);

    public virtual Either<NetworkError, Option<Endpoint>> Expose(IpProtocol protocol, ushort port) =>
        Option<Endpoint>.None;

    public virtual void Conceal(IpProtocol protocol, ushort port) { }

    /// <summary>Gives the link back; called again, does nothing.</summary>
    public abstract ValueTask Close();
}
