/// <summary>Joins what comes from inside with its like outside.</summary>
internal sealed class Relay<TOutside>(TOutside outside) : IForwardHandler where TOutside : struct, IStack<TOutside>
{
    /// <inheritdoc/>
    public void Connecting(ForwardedConnection connection) => _ = Carry(connection);

    /// <inheritdoc/>
    public IForwardReceiver? Sending(ForwardedDatagrams flow) => DatagramRelay<TOutside>.Open(outside, flow);

    // The peer is answered as the outside has answered: it sees a refusal as one, and silence as silence.
    private async Task Carry(ForwardedConnection connection)
    {
        var connected = await TOutside.Connect(outside, connection.Local);
        if (connected.Case is IFlow far)
            await Join(connection, far);
        else if (connected.Case is TcpError.Timeout)
            connection.Ignore();
        else
            connection.Refuse();
    }

    private static async Task Join(ForwardedConnection connection, IFlow far)
    {
        var accepted = await connection.Accept();
        if (accepted.Case is IFlow near)
            await near.Splice(far);
        else
            far.Abort();
    }
}
