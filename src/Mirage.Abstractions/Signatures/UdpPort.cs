namespace Mirage;

/// <summary>A bound port of UDP. Disposing it unbinds the port, at once and without failing.</summary>
public abstract class UdpPort : IDisposable
{
    /// <summary>The port number.</summary>
    public abstract ushort Number { get; }

    /// <summary>The end that clients send to.</summary>
    public abstract Endpoint Reachable { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unbind();
        GC.SuppressFinalize(this);
    }

    /// <summary>Unbinds the port; called again, does nothing.</summary>
    protected abstract void Unbind();
}
