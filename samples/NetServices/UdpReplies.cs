using System.Buffers;

/// <summary>Sends the answers of one UDP port.</summary>
internal sealed class UdpReplies<TStack>(TStack stack) where TStack : struct, IStack<TStack>
{
    private const int DatagramMax = 65_507;
    private readonly byte[] _datagram = new byte[DatagramMax];

    /// <summary>The port, known once it is bound.</summary>
    public UdpPort? Port { get; set; }

    /// <summary>Sends a copy of <paramref name="payload"/>. What does not go is lost, as datagrams are.</summary>
    public void Send(Endpoint destination, ReadOnlySpan<byte> payload)
    {
        if (Port is null || payload.Length > DatagramMax)
            return;
        payload.CopyTo(_datagram);
        _ = TStack.Write(stack, Port, destination, new ReadOnlySequence<byte>(_datagram, 0, payload.Length));
    }
}
