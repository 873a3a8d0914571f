namespace Mirage;

/// <summary>A port on which HTTP is served.</summary>
/// <remarks>
/// Disposing it stops in order: no more connections are accepted, connections without a request are closed, requests
/// under way are answered, and what is not done after <see cref="HttpOptions.StopLimit"/> is reset.
/// </remarks>
public interface IHttpListener : IAsyncDisposable
{
    /// <summary>The port.</summary>
    ushort Port { get; }

    /// <summary>The end that clients connect to.</summary>
    Endpoint Reachable { get; }

    /// <summary>Connections that are open.</summary>
    int ConnectionCount { get; }

    /// <summary>Serves until <paramref name="stop"/> is cancelled or the port is closed from below, then stops in
    /// order. Does not throw.</summary>
    ValueTask Run(CancellationToken stop);
}
