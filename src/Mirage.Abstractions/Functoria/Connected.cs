namespace Mirage;

/// <summary>A device that <see cref="Boot.Connect{T}"/> made, with everything that it was made from.</summary>
/// <typeparam name="T">The device.</typeparam>
public sealed class Connected<T> where T : IDevice<T>
{
    private readonly Connector _connector;

    internal Connected(T device, Connector connector) => (Device, _connector) = (device, connector);

    /// <summary>The device.</summary>
    public T Device { get; }

    /// <summary>Releases the device and what it was made from, the last first, as the end of a boot does. A device that
    /// fails or hangs is logged. Called again it does nothing.</summary>
    public ValueTask Disconnect() => _connector.Disconnect();
}
