namespace Mirage.Testing;

/// <summary>Notes datagrams, and does something at each.</summary>
internal readonly struct DatagramHandler(DatagramLog log, Action? then = null) : IDatagramHandler
{
    public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload)
    {
        log.Add(source, destination, payload);
        then?.Invoke();
    }

    public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

    public void Closed() => log.Close();
}
