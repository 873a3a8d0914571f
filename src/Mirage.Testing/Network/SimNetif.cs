using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Testing;

/// <summary>The link of a simulated machine: what <c>Netif</c> is on a real one.</summary>
/// <remarks>It drives the port that <see cref="SimNet.Attach"/> put into the machine, and is for hosts of a
/// <see cref="SimWorld"/> only.</remarks>
public readonly struct SimNetif : INetwork<SimNetif>
{
    private readonly SimPort _port;

    internal SimNetif(SimPort port) => _port = port;

    /// <inheritdoc/>
    public static Impl<SimNetif> Impl =>
        BootHost.Map(static host => ValueTask.FromResult(Find(host, ""))).Connect()
            .Map(static port => new SimNetif(port));

    /// <summary>The link of a machine of a world that no boot wires.</summary>
    /// <exception cref="InvalidOperationException">The machine has no such port.</exception>
    public static SimNetif On(SimHost host, string name = "") => Find(host, name).Match(
        Left: static error => throw new InvalidOperationException(error.Reason),
        Right: static port => new SimNetif(port));

    /// <inheritdoc/>
    public static NetworkInfo Info(SimNetif network) => network._port.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(SimNetif network, ref TransmitFrame frame) => network._port.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(SimNetif network, THandler handler) where THandler : struct, IFrameHandler =>
        network._port.Listen(handler.Input);

    /// <inheritdoc/>
    public static NetworkCounters Counters(SimNetif network) => network._port.Counters;

    /// <inheritdoc/>
    public static ValueTask Disconnect(SimNetif device)
    {
        device._port.Detach();
        return ValueTask.CompletedTask;
    }

    internal static Either<ConnectError, SimPort> Find(Host host, string name)
    {
        if ((host as SimHost)?.Attached<SimPort>(name) is not { } port)
        {
            return new ConnectError(
                name.Length == 0 ? "the machine has no port of a network" : $"the machine has no port '{name}'",
                "attach one with SimNet.Attach, on a machine of a SimWorld");
        }

        port.Drive(host);
        return port;
    }
}
