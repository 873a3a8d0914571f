namespace Mirage.Unix;

/// <summary>The handler of a UDP port, behind one virtual call a datagram.</summary>
internal abstract class DatagramSink
{
    /// <summary>A sink that calls <paramref name="handler"/>.</summary>
    public static DatagramSink Of<THandler>(THandler handler) where THandler : struct, IDatagramHandler =>
        new Typed<THandler>(handler);

    public abstract void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload);

    private sealed class Typed<THandler>(THandler handler) : DatagramSink where THandler : struct, IDatagramHandler
    {
        private THandler _handler = handler;

        public override void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            _handler.Input(source, destination, payload);
    }
}
