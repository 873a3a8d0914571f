namespace Mirage.Net;

/// <summary>What a port asks of the layer that it is bound in.</summary>
internal interface IUdpPortOwner
{
    /// <summary>The address that clients send to: this host's first.</summary>
    IpAddress Address { get; }

    /// <summary>The port is not used any more.</summary>
    void Unbind(BoundPort port);
}
