using LanguageExt;

namespace Mirage;

/// <summary>Connections, RFC 9293: MirageOS's TCP.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface ITcp<TSelf> : IDevice<TSelf> where TSelf : struct, ITcp<TSelf>
{
    /// <summary>Opens a connection. Completes when it is established, refused or timed out.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first; nothing is
    /// left of the connection.</exception>
    static abstract ValueTask<Either<TcpError, IFlow>> Connect(
        TSelf tcp, Endpoint remote, CancellationToken cancellation = default);

    /// <summary>Opens a connection that behaves as <paramref name="options"/> say. A stack that knows none of them
    /// opens one as if there were none.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first; nothing is
    /// left of the connection.</exception>
    static virtual ValueTask<Either<TcpError, IFlow>> Connect(
        TSelf tcp, Endpoint remote, FlowOptions options, CancellationToken cancellation = default) =>
        TSelf.Connect(tcp, remote, cancellation);

    /// <summary>Accepts connections to <paramref name="port"/>; port 0 asks for a free one.</summary>
    static abstract Either<TcpError, IListener> Listen(TSelf tcp, ushort port, ListenOptions options = default);
}
