using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LanguageExt;
using static Mirage.Impl;

/// <summary>The small services of old, echo, discard and chargen on TCP and UDP, and a line of text by HTTP.</summary>
internal readonly struct NetServices<TStack> : IUnikernel<NetServices<TStack>> where TStack : struct, IStack<TStack>
{
    private const ushort Echo = 7, Discard = 9, Chargen = 19, Http = 80;
    private const int Backlog = 1024;

    private static readonly Key<ushort> s_offset = Key.Optional("port-offset", Offset, (ushort)0,
        "What is added to the ports 7, 9, 19 and 80, for a host that keeps ports below 1024 to itself.");

    private static readonly Key<Option<IpAddress>> s_group = Key.Maybe<IpAddress>("group",
        "A multicast group, as 239.1.2.3, whose datagrams the echo service answers too.");

    private readonly Core _core;

    private NetServices(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<NetServices<TStack>> Impl =>
        (Of<TStack>(), Of<HttpServer<TStack>>(), s_offset, s_group).Apply(Open).Connect();

    private static KeyConverter<ushort> Offset => new(
        TryParseOffset, static offset => offset.ToString(CultureInfo.InvariantCulture),
        $"a whole number from 0 to {ushort.MaxValue - Http}", "NUMBER");

    /// <inheritdoc/>
    public static ValueTask Start(NetServices<TStack> unikernel, CancellationToken stop) => unikernel._core.Run(stop);

    private static bool TryParseOffset(string text, [MaybeNullWhen(false)] out ushort offset) =>
        KeyConverter.Whole<ushort>().TryParse(text, out offset) && offset <= ushort.MaxValue - Http;

    // A port that is taken is told to the user before anything runs.
    private static ValueTask<Either<ConnectError, NetServices<TStack>>> Open(
        TStack stack, HttpServer<TStack> http, ushort offset, Option<IpAddress> wanted)
    {
        var guard = new LoopGuard(offset);
        var (echo, chargen) = (new UdpReplies<TStack>(stack), new UdpReplies<TStack>(stack));
        var options = new ListenOptions { Backlog = Backlog };
        ushort At(ushort port) => (ushort)(port + offset);

        return new(
            from udpEcho in Opened(TStack.Bind(stack, At(Echo), new UdpEcho<TStack>(echo, guard)))
            from member in Joined(stack, udpEcho, wanted)
            from udpChargen in Opened(TStack.Bind(stack, At(Chargen), new UdpChargen<TStack>(chargen, guard)))
            from udpDiscard in Opened(TStack.Bind(stack, At(Discard), default(UdpDiscard)))
            from tcpEcho in Opened(TStack.Listen(stack, At(Echo), options))
            from tcpDiscard in Opened(TStack.Listen(stack, At(Discard), options))
            from tcpChargen in Opened(TStack.Listen(stack, At(Chargen), options))
            from page in Opened(
                HttpServer<TStack>.Listen(http, At(Http), default(HelloPage), new() { Backlog = Backlog }))
            select new NetServices<TStack>(new Core(
                [echo.Port = udpEcho, chargen.Port = udpChargen, udpDiscard], tcpEcho, tcpDiscard, tcpChargen, page)));
    }

    private static Either<ConnectError, T> Opened<TError, T>(Either<TError, T> port) where TError : notnull =>
        port.Advise("choose other ports with --port-offset");

    private static Either<ConnectError, Unit> Joined(TStack stack, UdpPort port, Option<IpAddress> group) =>
        group.Match(address => TStack.Join(stack, port, address), Unit.Default)
            .Advise("choose a group of 224.0.0.0/4 with --group, on a port of every address");

    private sealed class Core(
        UdpPort[] udp, IListener echo, IListener discard, IListener chargen, IHttpListener http)
    {
        public async ValueTask Run(CancellationToken stop)
        {
            try
            {
                await Task.WhenAll(
                    Serve(echo, default(TcpEcho), stop), Serve(discard, default(TcpDiscard), stop),
                    Serve(chargen, default(TcpChargen), stop), ServeHttp(stop));
            }
            finally
            {
                foreach (var port in udp)
                    port.Dispose();
            }
        }

        private static async Task Serve<TService>(IListener listener, TService service, CancellationToken stop)
            where TService : struct, ITcpService
        {
            await using (listener)
                await TcpServer.Accept(listener, service, stop);
        }

        private async Task ServeHttp(CancellationToken stop)
        {
            await using (http)
                await http.Run(stop);
        }
    }
}
