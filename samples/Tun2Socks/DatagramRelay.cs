using System.Buffers;

/// <summary>The outside's port of one flow of datagrams.</summary>
internal sealed class DatagramRelay<TOutside> : IForwardReceiver where TOutside : struct, IStack<TOutside>
{
    private readonly TOutside _outside;
    private readonly ForwardedDatagrams _flow;
    private UdpPort? _port;

    private DatagramRelay(TOutside outside, ForwardedDatagrams flow) => (_outside, _flow) = (outside, flow);

    /// <summary>Opens a port that is connected to the end that the peer sends to; null when there is none.</summary>
    public static DatagramRelay<TOutside>? Open(TOutside outside, ForwardedDatagrams flow)
    {
        var relay = new DatagramRelay<TOutside>(outside, flow);
        var bound = TOutside.Bind(outside, 0, new Answers(relay), new BindOptions { Remote = flow.Local });
        relay._port = bound.Case as UdpPort;
        return relay._port is null ? null : relay;
    }

    /// <inheritdoc/>
    public void Input(ReadOnlySpan<byte> payload) =>
        _ = TOutside.Write(_outside, _port!, _flow.Local, new ReadOnlySequence<byte>(payload.ToArray()));

    /// <inheritdoc/>
    public void Closed() => _port!.Dispose();

    private void End()
    {
        _flow.Dispose();
        _port!.Dispose();
    }

    private readonly struct Answers(DatagramRelay<TOutside> relay) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            _ = relay._flow.Write(new ReadOnlySequence<byte>(payload.ToArray()));

        // The peer's next datagram begins another flow, and may fare better.
        public void Unreachable(Endpoint destination, IcmpUnreachable reason) => relay.End();

        public void Closed() => relay._flow.Dispose();
    }
}
