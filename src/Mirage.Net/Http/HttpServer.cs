using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>The HTTP/1.1 functor over any TCP, RFC 9110 and RFC 9112.</summary>
/// <remarks>Every phase of a connection has a limit and a deadline, <see cref="HttpOptions"/>. What two recipients
/// could read differently is refused with 400 and the connection closed, RFC 9112 section 11.2. A handler that waits
/// is not waited for by other connections.</remarks>
/// <typeparam name="TTcp">What connections come from; any stack is one.</typeparam>
public readonly struct HttpServer<TTcp> : IHttpServer<HttpServer<TTcp>> where TTcp : struct, ITcp<TTcp>
{
    private readonly Core _core;

    private HttpServer(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<HttpServer<TTcp>> Impl =>
        (Of<TTcp>(), BootHost).Apply(static (tcp, host) => Over(tcp, host));

    /// <inheritdoc/>
    public static string Group => TTcp.Group;

    /// <inheritdoc/>
    public static Either<TcpError, IHttpListener> Listen<THandler>(
        HttpServer<TTcp> http, ushort port, THandler handler, HttpOptions? options = null)
        where THandler : IHttpHandler =>
        http._core.Listen(port, handler, options ?? HttpOptions.Default);

    /// <inheritdoc/>
    public static ValueTask Disconnect(HttpServer<TTcp> device) => device._core.Stop();

    /// <summary>The server of a TCP that is connected already.</summary>
    internal static HttpServer<TTcp> Over(TTcp tcp, Host host) => new(new Core(tcp, host));

    private sealed class Core(TTcp tcp, Host host)
    {
        private readonly List<IHttpListener> _listeners = [];

        public Either<TcpError, IHttpListener> Listen<THandler>(ushort port, THandler handler, HttpOptions options)
            where THandler : IHttpHandler
        {
            options.Validate();
            return TTcp.Listen(tcp, port, new ListenOptions { Backlog = options.Backlog }).Map(listener =>
            {
                IHttpListener http = new HttpListener<THandler>(listener, handler, options, host);
                _listeners.Add(http);
                return http;
            });
        }

        public async ValueTask Stop()
        {
            foreach (var listener in _listeners)
                await listener.DisposeAsync();
        }
    }
}
