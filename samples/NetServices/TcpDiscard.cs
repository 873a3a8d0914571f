/// <summary>Throws away what it gets, RFC 863.</summary>
internal readonly struct TcpDiscard : ITcpService
{
    /// <inheritdoc/>
    public async ValueTask Serve(IFlow flow)
    {
        while (true)
        {
            var read = await flow.Input.ReadAsync();
            flow.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }
}
