/// <summary>Accepts connections and serves each beside the others.</summary>
internal static class TcpServer
{
    /// <summary>Accepts until <paramref name="stop"/> is cancelled or the port is closed from below.</summary>
    public static async Task Accept<TService>(IListener listener, TService service, CancellationToken stop)
        where TService : struct, ITcpService
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var accepted = await listener.Accept(stop);
                if (accepted.Case is IFlow flow)
                    _ = Serve(flow, service);
                else if (accepted.Case is TcpError.Closed)
                    return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task Serve<TService>(IFlow flow, TService service) where TService : struct, ITcpService
    {
        try
        {
            await service.Serve(flow);
        }
        catch (IOException)
        {
            // The peer broke the connection: there is nobody to tell.
        }

        await flow.DisposeAsync();
    }
}
