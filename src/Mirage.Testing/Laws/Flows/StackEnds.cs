namespace Mirage.Testing;

/// <summary>Two transports that reach each other, or one that reaches itself.</summary>
/// <typeparam name="TDevice">The transport under test.</typeparam>
/// <param name="Client">The one that connects or sends first.</param>
/// <param name="Server">The one that is connected to; may be the same.</param>
/// <param name="Release">Disconnects what the two stand on, once they are disconnected.</param>
public sealed record StackEnds<TDevice>(TDevice Client, TDevice Server, Func<ValueTask>? Release = null)
    where TDevice : struct, IDevice<TDevice>
{
    /// <summary>Disconnects both, and what is below.</summary>
    public async ValueTask Disconnect()
    {
        await TDevice.Disconnect(Client);
        if (!EqualityComparer<TDevice>.Default.Equals(Client, Server))
            await TDevice.Disconnect(Server);
        if (Release is not null)
            await Release();
    }
}
