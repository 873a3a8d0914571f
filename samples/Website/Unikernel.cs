using static Mirage.Impl;

/// <summary>Serves a directory by HTTP: a web server with its own network and nothing else.</summary>
internal readonly struct Unikernel<TPClock, TStack> : IUnikernel<Unikernel<TPClock, TStack>>
    where TPClock : struct, IPClock<TPClock>
    where TStack : struct, IStack<TStack>
{
    private static readonly Key<ushort> s_port = Key.Optional("port", (ushort)8080, "Port number for HTTP", Stage.Both);
    private static readonly Key<bool> s_accessLog = Key.Flag("access-log", "Print a line for each request.");

    private readonly Core _core;

    private Unikernel(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Unikernel<TPClock, TStack>> Impl =>
        (Of<TPClock>(), Of<HostConsole>(), Of<HttpServer<TStack>>(), Of<Site<DirectKvRo>>(), s_port, s_accessLog).Apply(
            static (clock, console, http, site, port, accessLog) =>
                new Unikernel<TPClock, TStack>(new Core(clock, console, http, site, port, accessLog)));

    /// <inheritdoc/>
    public static ValueTask Start(Unikernel<TPClock, TStack> unikernel, CancellationToken stop) => unikernel._core.Run(stop);

    private sealed class Core(
        TPClock clock, HostConsole console, HttpServer<TStack> http, Site<DirectKvRo> site, ushort port, bool accessLog)
    {
        public async ValueTask Run(CancellationToken stop)
        {
            var listening = accessLog
                ? HttpServer<TStack>.Listen(http, port, new AccessLog<TPClock, HostConsole, Site<DirectKvRo>>(clock, console, site))
                : HttpServer<TStack>.Listen(http, port, site);
            await using var listener = listening.IfLeft(static error => throw new InvalidOperationException(error.ToString()));
            HostConsole.WriteLine(console, $"http://{listener.Reachable}/");
            await listener.Run(stop);
        }
    }
}
