namespace Mirage.Net;

/// <summary>Keeps a stack taking what is sent to other hosts. Disposing it refuses what is not decided on, resets the
/// connections that were accepted, and closes the flows of datagrams. Disconnecting the stack ends it, too.</summary>
public sealed class Forwarder : IDisposable
{
    private Action? _close;

    internal Forwarder(Action close) => _close = close;

    /// <inheritdoc/>
    public void Dispose()
    {
        var close = _close;
        _close = null;
        close?.Invoke();
    }
}
