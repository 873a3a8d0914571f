namespace Mirage.Unix;

/// <summary>The handler of a UDP port, behind one virtual call a datagram.</summary>
internal abstract class DatagramSink
{
    /// <summary>A sink that calls <paramref name="handler"/>.</summary>
    public static DatagramSink Of<THandler>(THandler handler) where THandler : struct, IDatagramHandler =>
        new Typed<THandler>(handler);

    public abstract void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload);

    public abstract void Unreachable(Endpoint destination, IcmpUnreachable reason);

    public abstract void Closed();

    private sealed class Typed<THandler>(THandler handler) : DatagramSink where THandler : struct, IDatagramHandler
    {
        private THandler _handler = handler;

        public override void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            _handler.Input(source, destination, payload);

        public override void Unreachable(Endpoint destination, IcmpUnreachable reason) =>
            _handler.Unreachable(destination, reason);

        public override void Closed() => _handler.Closed();
    }
}
