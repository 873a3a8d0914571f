using LanguageExt;
using static Mirage.Impl;

/// <summary>Carries the traffic of a whole network to another stack: each connection and each flow of datagrams that
/// comes by the link, to whatever address, is one of <typeparamref name="TOutside"/>.</summary>
internal readonly struct Tun2Socks<TNetwork, TOutside, TConsole> : IUnikernel<Tun2Socks<TNetwork, TOutside, TConsole>>
    where TNetwork : struct, INetwork<TNetwork>
    where TOutside : struct, IStack<TOutside>
    where TConsole : struct, IConsole<TConsole>
{
    private readonly Forwarder _forwarder;

    private Tun2Socks(Forwarder forwarder) => _forwarder = forwarder;

    /// <inheritdoc/>
    public static Impl<Tun2Socks<TNetwork, TOutside, TConsole>> Impl =>
        (Of<TcpIp<TNetwork>>(), Of<TOutside>(), Of<TConsole>()).Apply(Open).Connect();

    /// <inheritdoc/>
    public static async ValueTask Start(Tun2Socks<TNetwork, TOutside, TConsole> unikernel, CancellationToken stop)
    {
        using var forwarder = unikernel._forwarder;
        var stopped = new TaskCompletionSource();
        using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }

    private static ValueTask<Either<ConnectError, Tun2Socks<TNetwork, TOutside, TConsole>>> Open(
        TcpIp<TNetwork> inside, TOutside outside, TConsole console)
    {
        var forwarding = TcpIp<TNetwork>.Forward(inside, new Relay<TOutside>(outside));
        return new(forwarding.Advise("give another link with --interface").Map(forwarder =>
        {
            TConsole.WriteLine(console, $"forwarding from {TcpIp<TNetwork>.Addresses(inside)[0]}");
            return new Tun2Socks<TNetwork, TOutside, TConsole>(forwarder);
        }));
    }
}
