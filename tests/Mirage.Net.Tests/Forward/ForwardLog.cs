namespace Mirage.Net.Tests;

/// <summary>A handler that keeps what it is asked.</summary>
internal sealed class ForwardLog : IForwardHandler
{
    public List<ForwardedConnection> Connections { get; } = [];

    public List<Flow> Flows { get; } = [];

    /// <summary>Whether new flows of datagrams are taken.</summary>
    public bool TakesDatagrams { get; set; } = true;

    /// <summary>What is done with each connection at once.</summary>
    public Action<ForwardedConnection>? OnConnecting { get; set; }

    public void Connecting(ForwardedConnection connection)
    {
        Connections.Add(connection);
        OnConnecting?.Invoke(connection);
    }

    public IForwardReceiver? Sending(ForwardedDatagrams flow)
    {
        if (!TakesDatagrams)
            return null;
        var kept = new Flow(flow);
        Flows.Add(kept);
        return kept;
    }

    /// <summary>A flow of datagrams and what came of it.</summary>
    internal sealed class Flow(ForwardedDatagrams ends) : IForwardReceiver
    {
        public ForwardedDatagrams Ends => ends;

        public List<byte[]> Received { get; } = [];

        public bool IsClosed { get; private set; }

        public void Input(ReadOnlySpan<byte> payload) => Received.Add(payload.ToArray());

        public void Closed() => IsClosed = true;
    }
}
