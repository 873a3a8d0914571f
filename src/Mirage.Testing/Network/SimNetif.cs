using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Testing;

/// <summary>The link of a simulated machine: what <c>Netif</c> is on a real one.</summary>
/// <remarks>It drives the port that <see cref="SimNet.Attach"/> put into the machine, and is for hosts of a
/// <see cref="SimWorld"/> only.</remarks>
public readonly struct SimNetif : INetwork<SimNetif>
{
    private readonly SimPortDriver _driver;

    internal SimNetif(SimPortDriver driver) => _driver = driver;

    /// <inheritdoc/>
    public static Impl<SimNetif> Impl =>
        BootHost.Map(static host => ValueTask.FromResult(Find(host, ""))).Connect()
            .Map(static driver => new SimNetif(driver));

    /// <summary>The link of a machine of a world that no boot wires.</summary>
    /// <exception cref="InvalidOperationException">The machine has no such port.</exception>
    public static SimNetif On(SimHost host, string name = "") => Find(host, name).Match(
        Left: static error => throw new InvalidOperationException(error.Reason),
        Right: static driver => new SimNetif(driver));

    /// <inheritdoc/>
    public static NetworkInfo Info(SimNetif network) => network._driver.Info;

    /// <inheritdoc/>
    public static WriteStatus Write(SimNetif network, ref TransmitFrame frame) => network._driver.Write(ref frame);

    /// <inheritdoc/>
    public static void Listen<THandler>(SimNetif network, THandler handler) where THandler : struct, IFrameHandler =>
        network._driver.Listen(handler.Input);

    /// <inheritdoc/>
    public static NetworkCounters Counters(SimNetif network) => network._driver.Counters;

    /// <inheritdoc/>
    public static ValueTask Disconnect(SimNetif device)
    {
        device._driver.Disconnect();
        return ValueTask.CompletedTask;
    }

    internal static Either<ConnectError, SimPortDriver> Find(Host host, string name)
    {
        if ((host as SimHost)?.Attached<SimPort>(name) is not { } port)
        {
            return new ConnectError(
                name.Length == 0 ? "the machine has no port of a network" : $"the machine has no port '{name}'",
                "attach one with SimNet.Attach, on a machine of a SimWorld");
        }

        return new SimPortDriver(port, host);
    }
}
