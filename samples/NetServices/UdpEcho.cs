/// <summary>Sends back each datagram, RFC 862.</summary>
internal readonly struct UdpEcho<TStack>(UdpReplies<TStack> replies, LoopGuard guard) : IDatagramHandler
    where TStack : struct, IStack<TStack>
{
    /// <inheritdoc/>
    public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload)
    {
        if (!guard.IsService(source))
            replies.Send(source, payload);
    }

    /// <inheritdoc/>
    public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

    /// <inheritdoc/>
    public void Closed() { }
}
