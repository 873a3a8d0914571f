using LanguageExt;
using static Mirage.Impl;

/// <summary>The small services of old, echo, discard and chargen on TCP and UDP, and a line of text by HTTP.</summary>
internal readonly struct NetServices<TStack> : IUnikernel<NetServices<TStack>> where TStack : struct, IStack<TStack>
{
    private static readonly Key<ushort> s_offset = Key.Optional("port-offset", (ushort)0,
        "What is added to the ports 7, 9, 19 and 80, for a host that keeps ports below 1024 to itself.");

    private readonly Core _core;

    private NetServices(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<NetServices<TStack>> Impl => (Of<TStack>(), Of<HttpServer<TStack>>(), s_offset).Apply(
        static (stack, http, offset) => new NetServices<TStack>(new Core(stack, http, offset)));

    /// <inheritdoc/>
    public static ValueTask Start(NetServices<TStack> unikernel, CancellationToken stop) => unikernel._core.Run(stop);

    private sealed class Core(TStack stack, HttpServer<TStack> http, ushort offset)
    {
        private const ushort Echo = 7, Discard = 9, Chargen = 19, Http = 80;

        private readonly List<IDisposable> _udp = [];

        public async ValueTask Run(CancellationToken stop)
        {
            var guard = new LoopGuard(offset);
            var echo = new UdpReplies<TStack>(stack);
            var chargen = new UdpReplies<TStack>(stack);
            try
            {
                _udp.Add(echo.Port = Bind(Echo, new UdpEcho<TStack>(echo, guard)));
                _udp.Add(chargen.Port = Bind(Chargen, new UdpChargen<TStack>(chargen, guard)));
                _udp.Add(Bind(Discard, default(UdpDiscard)));
                await Task.WhenAll(
                    Serve(Echo, default(TcpEcho), stop), Serve(Discard, default(TcpDiscard), stop),
                    Serve(Chargen, default(TcpChargen), stop), ServeHttp(stop));
            }
            finally
            {
                foreach (var port in _udp)
                    port.Dispose();
            }
        }

        private ushort At(ushort port) => checked((ushort)(port + offset));

        private UdpPort Bind<THandler>(ushort port, THandler handler) where THandler : struct, IDatagramHandler =>
            TStack.Bind(stack, At(port), handler)
                .IfLeft(static error => throw new InvalidOperationException(error.ToString()));

        private async Task Serve<TService>(ushort port, TService service, CancellationToken stop)
            where TService : struct, ITcpService
        {
            await using var listener = TStack.Listen(stack, At(port), new ListenOptions { Backlog = 1024 })
                .IfLeft(static error => throw new InvalidOperationException(error.ToString()));
            await TcpServer.Accept(listener, service, stop);
        }

        private async Task ServeHttp(CancellationToken stop)
        {
            await using var listener =
                HttpServer<TStack>.Listen(http, At(Http), default(HelloPage), new() { Backlog = 1024 })
                .IfLeft(static error => throw new InvalidOperationException(error.ToString()));
            await listener.Run(stop);
        }
    }
}
