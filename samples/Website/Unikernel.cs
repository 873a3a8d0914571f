using LanguageExt;
using static Mirage.Impl;

/// <summary>Serves a directory by HTTP: a web server with its own network and nothing else.</summary>
internal readonly struct Unikernel<TPClock, TStack> : IUnikernel<Unikernel<TPClock, TStack>>
    where TPClock : struct, IPClock<TPClock>
    where TStack : struct, IStack<TStack>
{
    private static readonly Key<ushort> s_port = Key.Optional<ushort>("port", 8080, "Port number for HTTP.");
    private static readonly Key<bool> s_accessLog = Key.Flag("access-log", "Print a line for each request.");

    private readonly Core _core;

    private Unikernel(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Unikernel<TPClock, TStack>> Impl =>
        (Of<TPClock>(), Of<HostConsole>(), Of<HttpServer<TStack>>(), Of<Site<DirectKvRo>>(), s_port, s_accessLog).Apply(
            static (clock, console, http, site, port, accessLog) => accessLog
                ? Listen(console, http, port,
                    new AccessLog<TPClock, HostConsole, Site<DirectKvRo>>(clock, console, site))
                : Listen(console, http, port, site)).Connect().Map(
            static core => new Unikernel<TPClock, TStack>(core));

    /// <inheritdoc/>
    public static ValueTask Start(Unikernel<TPClock, TStack> unikernel, CancellationToken stop) =>
        unikernel._core.Run(stop);

    // A port that is taken is told to the user before anything runs.
    private static ValueTask<Either<ConnectError, Core>> Listen<THandler>(
        HostConsole console, HttpServer<TStack> http, ushort port, THandler handler) where THandler : IHttpHandler =>
        new(HttpServer<TStack>.Listen(http, port, handler).Advise("choose another port with --port").Map(
            listener => new Core(console, listener)));

    private sealed class Core(HostConsole console, IHttpListener listener)
    {
        public ValueTask Run(CancellationToken stop)
        {
            HostConsole.WriteLine(console, $"http://{listener.Reachable}/");
            return listener.Run(stop);
        }
    }
}
