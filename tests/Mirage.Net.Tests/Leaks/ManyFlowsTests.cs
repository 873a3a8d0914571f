using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>A stack that is disconnected with thousands of live connections.</summary>
public sealed class ManyFlowsTests
{
    private const int Count = 5000;

    [Fact]
    [Trait("Behaviour", "163")]
    public void FiveThousandFlows_StackIsDisconnected_EveryReaderAndWriterEnds_AndNothingIsHeld()
    {
        using var host = new SimHost(seed: 25);
        host.Run(async () =>
        {
            await using var pair = Flows.Pair(host); // Which looks for leaks, timers among them, when it is disposed.
            // Small, so that those who write soon wait, and what all of them hold is below the stack's limit.
            var options = new FlowOptions { ReceiveBuffer = 4096, SendBuffer = 4096 };
            var listener = pair.Listen(80, new() { Flow = options });
            var (clients, servers) = (new List<Task>(), new List<Task>());
            for (var number = 0; number < Count; number++)
            {
                var connected = await TcpIp<VirtualPort>.Connect(
                    pair.Left, StackPair<VirtualPort, VirtualPort>.At(80), options);
                var client = connected.Value();
                var server = (await listener.Accept()).Value();
                clients.Add(number % 2 == 0 ? Read(client) : Write(client));
                servers.Add(number % 2 == 0 ? Read(server) : Write(server));
            }

            await Task.Delay(TimeSpan.FromSeconds(2), host.Time);
            Assert.DoesNotContain(clients.Concat(servers), static wait => wait.IsCompleted);
            var accepting = listener.Accept().AsTask();
            await TcpIp<VirtualPort>.Disconnect(pair.Right);
            Assert.IsType<TcpError.Closed>((await accepting).Error());
            await Task.Yield();
            Assert.All(servers, AssertEnded);
            AssertHoldsNothing(pair.Right);
            // A link loses most of so many resets at once. The other stack's connections know no better until it goes,
            // too.
            await TcpIp<VirtualPort>.Disconnect(pair.Left);
            await Task.Yield();
            Assert.All(clients, AssertEnded);
            AssertHoldsNothing(pair.Left);
        });
    }

    private static void AssertEnded(Task wait) =>
        Assert.True(wait.IsCompletedSuccessfully, wait.Exception?.ToString() ?? "It waits still.");

    private static void AssertHoldsNothing(TcpIp<VirtualPort> stack)
    {
        var engine = TcpIp<VirtualPort>.Engine(stack);
        Assert.Equal((0, 0, 0), (engine.Count, engine.Held, engine.Pool.Rented));
    }

    private static Task<FlowException> Read(IFlow flow) => Assert.ThrowsAsync<FlowException>(async () =>
    {
        while (true)
        {
            var result = await flow.Input.ReadAsync();
            flow.Input.AdvanceTo(result.Buffer.End);
        }
    });

    // More than the queues take; the peer, who does the same, does not read.
    private static Task<FlowException> Write(IFlow flow) => Assert.ThrowsAsync<FlowException>(async () =>
    {
        while (true)
            await flow.Output.WriteAsync(new byte[4096]);
    });
}
