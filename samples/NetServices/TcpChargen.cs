using System.Buffers;

/// <summary>Sends characters until the peer closes, RFC 864, and throws away what it gets.</summary>
internal readonly struct TcpChargen : ITcpService
{
    /// <inheritdoc/>
    public async ValueTask Serve(IFlow flow)
    {
        var reading = ReadToEnd(flow);
        while (!reading.IsCompleted)
        {
            flow.Output.Write(ChargenPattern.Lines.Span);
            await flow.Output.FlushAsync();
        }

        await reading;
    }

    // The end of the peer's stream also ends a flush that waits for a peer which no longer reads.
    private static async Task ReadToEnd(IFlow flow)
    {
        while (true)
        {
            var read = await flow.Input.ReadAsync();
            flow.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        flow.Output.CancelPendingFlush();
    }
}
