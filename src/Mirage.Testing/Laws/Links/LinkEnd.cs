namespace Mirage.Testing;

/// <summary>An end of a link, whatever type of network it is.</summary>
public abstract class LinkEnd
{
    private protected LinkEnd() { }

    /// <summary>What the end can do.</summary>
    public abstract NetworkInfo Info { get; }

    /// <summary>What the end has carried.</summary>
    public abstract NetworkCounters Counters { get; }

    /// <summary>The end that <paramref name="network"/> is.</summary>
    public static LinkEnd Of<TNetwork>(TNetwork network) where TNetwork : struct, INetwork<TNetwork> =>
        new End<TNetwork>(network);

    /// <summary>Sends a frame.</summary>
    public abstract WriteStatus Write(ref TransmitFrame frame);

    /// <summary>Gives a copy of each frame that is received from now on.</summary>
    public abstract void Listen(Action<byte[]> listener);

    /// <summary>Disconnects the network.</summary>
    public abstract ValueTask Disconnect();

    private sealed class End<TNetwork>(TNetwork network) : LinkEnd where TNetwork : struct, INetwork<TNetwork>
    {
        public override NetworkInfo Info => TNetwork.Info(network);

        public override NetworkCounters Counters => TNetwork.Counters(network);

        public override WriteStatus Write(ref TransmitFrame frame) => TNetwork.Write(network, ref frame);

        public override void Listen(Action<byte[]> listener) => TNetwork.Listen(network, new Handler(listener));

        public override ValueTask Disconnect() => TNetwork.Disconnect(network);
    }

    private readonly struct Handler(Action<byte[]> listener) : IFrameHandler
    {
        public void Input(in ReceivedFrame frame) => listener(frame.Bytes.ToArray());
    }
}
