using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>
/// A link whose frames, in both directions, are written to a capture file that Wireshark and tcpdump read.
/// </summary>
/// <remarks>Checksums which the device below would complete are complete in the file. When the file can no longer be
/// written, the recording ends and the link goes on.</remarks>
/// <typeparam name="TNetwork">The link below.</typeparam>
public readonly struct PcapRecorder<TNetwork> : INetwork<PcapRecorder<TNetwork>>
    where TNetwork : struct, INetwork<TNetwork>
{
    private static readonly Key<string> s_pcap = Key.Optional("pcap", "", "The capture file to write frames to.");

    private readonly Core _core;

    private PcapRecorder(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<PcapRecorder<TNetwork>> Impl => (BootHost, Of<TNetwork>(), s_pcap).Apply(Open).Connect();

    /// <inheritdoc/>
    public static string Group => TNetwork.Group;

    /// <summary>
    /// Records the frames of <paramref name="network"/> to <paramref name="stream"/>, which is closed on disconnecting;
    /// <paramref name="snapLength"/> bytes of each at most.
    /// </summary>
    public static PcapRecorder<TNetwork> Over(
        Host host, TNetwork network, Stream stream, int snapLength = PcapFileHeader.SnapLengthMax)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(new Core(network, new PcapWriter(host, stream, snapLength)));
    }

    /// <summary>Frames recorded so far.</summary>
    public static long Records(PcapRecorder<TNetwork> network) => network._core.Records;

    /// <inheritdoc/>
    public static NetworkInfo Info(PcapRecorder<TNetwork> network) => network._core.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(PcapRecorder<TNetwork> network, ref TransmitFrame frame) =>
        network._core.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(PcapRecorder<TNetwork> network, THandler handler)
        where THandler : struct, IFrameHandler => network._core.Listen(handler);

    /// <inheritdoc/>
    public static NetworkCounters Counters(PcapRecorder<TNetwork> network) => network._core.Counters;

    /// <inheritdoc/>
    public static Either<NetworkError, Option<Endpoint>> Expose(
        PcapRecorder<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Expose(protocol, port);

    /// <inheritdoc/>
    public static void Conceal(PcapRecorder<TNetwork> network, IpProtocol protocol, ushort port) =>
        network._core.Conceal(protocol, port);

    /// <inheritdoc/>
    public static ValueTask Disconnect(PcapRecorder<TNetwork> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private static ValueTask<Either<ConnectError, PcapRecorder<TNetwork>>> Open(
        Host host, TNetwork network, string path)
    {
        if (path.Length == 0)
            return new(new PcapRecorder<TNetwork>(new Core(network, null)));
        try
        {
#pragma warning disable RS0030 // A capture is for a person at this machine: a file of the host, and no device.
            return new(Over(host, network, new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read)));
#pragma warning restore RS0030
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new(new ConnectError($"{path}: {error.Message}", "give --pcap a file that can be written"));
        }
    }

    private sealed class Core(TNetwork network, PcapWriter? writer) : LinkFilter<TNetwork>(network)
    {
        public long Records => writer?.Records ?? 0;

        protected override WriteStatus Send(ref TransmitFrame frame)
        {
            writer?.Write(frame);
            return TNetwork.Write(Network, ref frame);
        }

        public override void Disconnect()
        {
            base.Disconnect();
            writer?.Close();
        }

        protected override void Receive(in ReceivedFrame frame)
        {
            writer?.Write(frame);
            Deliver(frame);
        }
    }
}
