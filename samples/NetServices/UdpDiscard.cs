/// <summary>Throws away each datagram, RFC 863.</summary>
internal readonly struct UdpDiscard : IDatagramHandler
{
    /// <inheritdoc/>
    public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) { }

    /// <inheritdoc/>
    public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

    /// <inheritdoc/>
    public void Closed() { }
}
