namespace Mirage.Unix.Tests;

/// <summary>Listens, uses every descriptor up, and gives them back when it has seen a client wait; says how busy it was
/// meanwhile.</summary>
internal sealed class Exhausted(Host host, SocketStack stack) : IUnikernel<Exhausted>
{
    public static Impl<Exhausted> Impl => (Mirage.Impl.BootHost, Mirage.Impl.Of<SocketStack>())
        .Apply(static (host, stack) => new Exhausted(host, stack));

    public static ValueTask Start(Exhausted unikernel, CancellationToken stop) => unikernel.Run();

    private async ValueTask Run()
    {
        var listener = SocketPair.Right(SocketStack.Listen(stack, 0));
        TestLibc.LimitDescriptors(512);
        var taken = new List<int>();
        while (Libc.EventDescriptor(0, Libc.EventCloseOnExecNonBlocking) is >= 0 and var descriptor)
            taken.Add(descriptor);

        var accepting = listener.Accept().AsTask();
        await host.Out.WriteLineAsync(listener.Reachable.ToString());
        var begun = host.Loop.Iterations;
        await Task.Delay(TimeSpan.FromMilliseconds(300), host.Time);
        var isWaiting = !accepting.IsCompleted;
        var iterations = host.Loop.Iterations - begun;
        taken.ForEach(static descriptor => _ = Libc.Close(descriptor));
        await using var flow = SocketPair.Right(await accepting);
        await host.Out.WriteLineAsync($"waited: {isWaiting}, calm: {iterations < 100}");
    }
}
