using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>The kernel's sockets on 127.0.0.1, where one stack is both ends.</summary>
public sealed class SocketStackSuite : StackTests<SocketStack>
{
    protected override void Run(Func<StackEnds<SocketStack>, Task> test)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var stack = SocketStack.On(host, IpAddress.LoopbackV4);
            await test(new(stack, stack, () => Settle(host)));
            await SocketStack.Disconnect(stack);
            Leaks.AssertNone(host);
        });
    }

    // The kernel's loopback delivers within the call that sends: once many turns of the loop have taken what they
    // found, there is no more.
    private static async Task Settle(UnixHost host)
    {
        var until = host.Loop.Iterations + 10_000;
        while (host.Loop.Iterations < until)
            await Task.Yield();
    }
}
