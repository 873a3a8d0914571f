using LanguageExt;

namespace Mirage;

/// <summary>A port on which connections are accepted. Disposing it stops listening and resets what was not
/// accepted.</summary>
public interface IListener : IAsyncDisposable
{
    /// <summary>The port.</summary>
    ushort Port { get; }

    /// <summary>The end that clients connect to.</summary>
    Endpoint Reachable { get; }

    /// <summary>The next connection, or <see cref="TcpError.Closed"/> once the listener is disposed. One call at a
    /// time.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first.</exception>
    ValueTask<Either<TcpError, IFlow>> Accept(CancellationToken cancellation = default);
}
