using System.IO.Pipelines;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>What a connection that waits costs in memory: each of a hundred thousand pays it.</summary>
[Collection(nameof(WholeHeap))]
public sealed class IdleFlowMemoryTests
{
    private const int Warm = 50;
    private const int Count = 2000;
    private const int BytesMax = 2048;

    private readonly List<IFlow> _flows = new(2 * (Warm + Count));
    private readonly List<ValueTask<ReadResult>> _reads = new(2 * (Warm + Count));

    /// <summary>Both ends have said something, and somebody waits to read. Everything of the stacks counts, their
    /// tables too; of who reads, nothing but the wait.</summary>
    [Fact]
    public void AfterAnExchange_AnEndTakesNoMoreThanTwoKilobytes()
    {
        using var host = new SimHost(seed: 27);
        host.Run(async () =>
        {
            await using var pair = Flows.Pair(host);
            var listener = pair.Listen(80);
            await Open(host, pair, listener, Warm);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await Open(host, pair, listener, Count);
            var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (2.0 * Count);
            Assert.DoesNotContain(_reads, static read => read.IsCompleted);
            Assert.InRange(bytes, BytesMax / 4, BytesMax); // Less than a quarter would be a measurement gone wrong.
            foreach (var flow in _flows)
                await flow.DisposeAsync();
        });
    }

    private async Task Open(
        SimHost host, StackPair<VirtualPort, VirtualPort> pair, IListener listener, int count)
    {
        for (var opened = 0; opened < count; opened++)
        {
            var remote = StackPair<VirtualPort, VirtualPort>.At(80);
            var client = (await TcpIp<VirtualPort>.Connect(pair.Left, remote)).Value();
            var server = (await listener.Accept()).Value();
            await Say(client, server);
            await Say(server, client);
            _flows.Add(client);
            _flows.Add(server);
#pragma warning disable CA2012 // It is the wait that is measured, and nobody who awaits it.
            _reads.Add(client.Input.ReadAsync());
            _reads.Add(server.Input.ReadAsync());
#pragma warning restore CA2012
        }

        await Task.Delay(TimeSpan.FromSeconds(5), host.Time); // The last acknowledgments are under way.
    }

    private static async Task Say(IFlow from, IFlow to)
    {
        await from.Output.WriteAsync(new byte[1]);
        var read = await to.Input.ReadAsync();
        to.Input.AdvanceTo(read.Buffer.End);
    }
}
