namespace Mirage.Unix.Tests;

/// <summary>Echoes on the port of a key, and says where it is reached.</summary>
internal sealed class Server<TStack>(Host host, TStack stack, ushort port) : IUnikernel<Server<TStack>>
    where TStack : struct, IStack<TStack>
{
    private static readonly Key<ushort> s_port = Key.Optional("port", (ushort)7, "The port to echo on.");

    public static Impl<Server<TStack>> Impl => (Mirage.Impl.BootHost, Mirage.Impl.Of<TStack>(), s_port)
        .Apply(static (host, stack, port) => new Server<TStack>(host, stack, port));

    public static ValueTask Start(Server<TStack> unikernel, CancellationToken stop) => unikernel.Run(stop);

    private async ValueTask Run(CancellationToken stop)
    {
        await TStack.Listen(stack, port).Match(
            Right: listener => Serve(listener, stop),
            Left: error =>
            {
                host.Out.WriteLine(error.ToString());
                return Task.CompletedTask;
            });
    }

    private async Task Serve(IListener listener, CancellationToken stop)
    {
        await host.Out.WriteLineAsync(listener.Reachable.ToString());
        while (true)
            (await listener.Accept(stop)).IfRight(static flow => { _ = Echo(flow); });
    }

    private static async Task Echo(IFlow flow)
    {
        await flow.Input.CopyToAsync(flow.Output);
        await flow.DisposeAsync();
    }
}
