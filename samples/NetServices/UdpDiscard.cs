/// <summary>Throws away each datagram, RFC 863.</summary>
internal readonly struct UdpDiscard : IDatagramHandler
{
    /// <inheritdoc/>
    public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) { }
}
