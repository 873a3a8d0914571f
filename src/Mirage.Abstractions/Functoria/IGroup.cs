namespace Mirage;

/// <summary>A tag that tells two devices of one kind apart: <c>Netif&lt;Management&gt;</c> beside <c>Netif</c>.</summary>
public interface IGroup
{
    /// <summary>What prefixes the names of the device's keys, in lower case: <c>management</c> gives <c>--management-ipv4</c>.</summary>
    static abstract string Name { get; }
}
