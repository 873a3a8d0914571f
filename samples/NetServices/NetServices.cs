using LanguageExt;
using static Mirage.Impl;

/// <summary>The small services of old, echo, discard and chargen on TCP and UDP, and a line of text by HTTP.</summary>
internal readonly struct NetServices<TStack> : IUnikernel<NetServices<TStack>> where TStack : struct, IStack<TStack>
{
    private const ushort Echo = 7, Discard = 9, Chargen = 19, Http = 80;

    private static readonly Key<ushort> s_offset = Key.Optional("port-offset", (ushort)0,
        "What is added to the ports 7, 9, 19 and 80, for a host that keeps ports below 1024 to itself.");

    private readonly Core _core;

    private NetServices(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<NetServices<TStack>> Impl => (Of<TStack>(), Of<HttpServer<TStack>>(), s_offset).Apply(
        static (stack, http, offset) => new ValueTask<Either<ConnectError, Core>>(
            offset > ushort.MaxValue - Http
                ? new ConnectError($"no port is {Http} above {offset}", "choose a lower --port-offset")
                : new Ports(stack, http, offset).Open())).Connect().Map(
        static core => new NetServices<TStack>(core));

    /// <inheritdoc/>
    public static ValueTask Start(NetServices<TStack> unikernel, CancellationToken stop) => unikernel._core.Run(stop);

    /// <summary>Opens the ports while the unikernel connects, so that one that is taken is told to the user before
    /// anything runs. What was opened before it is closed with the stack.</summary>
    private sealed class Ports(TStack stack, HttpServer<TStack> http, ushort offset)
    {
        private const string Remedy = "choose other ports with --port-offset";

        public Either<ConnectError, Core> Open()
        {
            var guard = new LoopGuard(offset);
            var (echo, chargen) = (new UdpReplies<TStack>(stack), new UdpReplies<TStack>(stack));
            return
                from udpEcho in Bind(Echo, new UdpEcho<TStack>(echo, guard))
                from udpChargen in Bind(Chargen, new UdpChargen<TStack>(chargen, guard))
                from udpDiscard in Bind(Discard, default(UdpDiscard))
                from tcpEcho in Listen(Echo)
                from tcpDiscard in Listen(Discard)
                from tcpChargen in Listen(Chargen)
                from web in HttpServer<TStack>.Listen(http, At(Http), default(HelloPage), new() { Backlog = 1024 })
                    .Advise(Remedy)
                let udp = Serve(echo, udpEcho, chargen, udpChargen, udpDiscard)
                select new Core(udp, tcpEcho, tcpDiscard, tcpChargen, web);
        }

        // A datagram is answered from the port that it came to, which is known once it is bound.
        private static IReadOnlyList<IDisposable> Serve(
            UdpReplies<TStack> echo, UdpPort echoPort, UdpReplies<TStack> chargen, UdpPort chargenPort, UdpPort discard)
        {
            (echo.Port, chargen.Port) = (echoPort, chargenPort);
            return [echoPort, chargenPort, discard];
        }

        private ushort At(ushort port) => (ushort)(port + offset);

        private Either<ConnectError, UdpPort> Bind<THandler>(ushort port, THandler handler)
            where THandler : struct, IDatagramHandler => TStack.Bind(stack, At(port), handler).Advise(Remedy);

        private Either<ConnectError, IListener> Listen(ushort port) =>
            TStack.Listen(stack, At(port), new ListenOptions { Backlog = 1024 }).Advise(Remedy);
    }

    private sealed class Core(
        IReadOnlyList<IDisposable> udp, IListener echo, IListener discard, IListener chargen, IHttpListener web)
    {
        public async ValueTask Run(CancellationToken stop)
        {
            try
            {
                await Task.WhenAll(
                    Serve(echo, default(TcpEcho), stop), Serve(discard, default(TcpDiscard), stop),
                    Serve(chargen, default(TcpChargen), stop), web.Run(stop).AsTask());
            }
            finally
            {
                await web.DisposeAsync();
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
    }
}
