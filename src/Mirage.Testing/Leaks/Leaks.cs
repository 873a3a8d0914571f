namespace Mirage.Testing;

/// <summary>What a host still holds when everything on it is disconnected.</summary>
public static class Leaks
{
    /// <summary>Fails when devices on <paramref name="host"/> hold anything: a buffer, a connection, a port, an armed
    /// timer.</summary>
    /// <remarks>For the end of a test, on the loop or after it, once every device is disconnected and every flow
    /// disposed.</remarks>
    /// <exception cref="LeakException">Something is held: the message has each name and count.</exception>
    public static void AssertNone(Host host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.Holdings.Held is { Count: > 0 } held)
            throw new LeakException(held);
    }
}
