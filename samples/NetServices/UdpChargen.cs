/// <summary>Answers each datagram with one line of characters, RFC 864: short, so that it is of little use for
/// flooding others.</summary>
internal readonly struct UdpChargen<TStack>(UdpReplies<TStack> replies, LoopGuard guard) : IDatagramHandler
    where TStack : struct, IStack<TStack>
{
    /// <inheritdoc/>
    public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload)
    {
        if (!guard.IsService(source))
            replies.Send(source, ChargenPattern.Line(payload.Length).Span);
    }

    /// <inheritdoc/>
    public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

    /// <inheritdoc/>
    public void Closed() { }
}
