using System.Buffers;

/// <summary>Sends back what it gets, RFC 862.</summary>
internal readonly struct TcpEcho : ITcpService
{
    /// <inheritdoc/>
    public async ValueTask Serve(IFlow flow)
    {
        while (true)
        {
            var read = await flow.Input.ReadAsync();
            foreach (var memory in read.Buffer)
                flow.Output.Write(memory.Span);
            flow.Input.AdvanceTo(read.Buffer.End);
            await flow.Output.FlushAsync();
            if (read.IsCompleted)
                return;
        }
    }
}
