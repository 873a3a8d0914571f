using LanguageExt;

namespace Mirage;

/// <summary>Serving HTTP/1.1, RFC 9110 and RFC 9112: MirageOS's HTTP.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IHttpServer<TSelf> : IDevice<TSelf> where TSelf : struct, IHttpServer<TSelf>
{
    /// <summary>Calls <paramref name="handler"/> for each request to <paramref name="port"/>; port 0 asks for a free
    /// one.</summary>
    /// <param name="http">The server.</param>
    /// <param name="port">The TCP port.</param>
    /// <param name="handler">What answers.</param>
    /// <param name="options">Limits and deadlines; null stands for the defaults.</param>
    /// <returns>What stops serving when it is disposed, or why the port could not be opened.</returns>
    static abstract Either<TcpError, IHttpListener> Listen<THandler>(
        TSelf http, ushort port, THandler handler, HttpOptions? options = null) where THandler : IHttpHandler;
}
