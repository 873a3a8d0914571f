using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class FlowAllocationTests
{
    private const int WarmUp = 32 << 20;
    private const int Measured = 32 << 20;
    // What the runtime does for itself while code is compiled anew falls into some windows, not into all.
    private const int Windows = 3;
    private const int BoundedBytes = 64 << 10; // Whatever grows once: a heap, a queue. A byte a segment would be more.

    [Fact]
    public void BulkTransfer_OneSegmentAPacket_AllocatesNothingPerSegment() => Measure(new());

    [Fact]
    public void BulkTransfer_Offloaded_AllocatesNothingPerSegment() => Measure(VirtualLinkOptions.Offloaded);

    [Fact]
    public void PingPong_AllocatesNothingPerMessage()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            await using var pair = Flows.Pair(host);
            var (client, server) = await pair.Establish();
            var echoing = Echo(server, (1 + Windows) * 20_000);
            await Exchange(client, 20_000);
            Assert.InRange(await Least(() => Exchange(client, 20_000)), 0, BoundedBytes);
            await echoing;
            await client.DisposeAsync();
            await server.DisposeAsync();
        });

        static async Task Exchange(IFlow flow, int count)
        {
            for (; count > 0; count--)
            {
                flow.Output.GetSpan(1)[0] = 1;
                flow.Output.Advance(1);
                await flow.Output.FlushAsync();
                var result = await flow.Input.ReadAsync();
                flow.Input.AdvanceTo(result.Buffer.End);
            }
        }

        static async Task Echo(IFlow flow, int count)
        {
            for (; count > 0; count--)
            {
                var result = await flow.Input.ReadAsync();
                flow.Input.AdvanceTo(result.Buffer.End);
                flow.Output.GetSpan(1)[0] = 1;
                flow.Output.Advance(1);
                await flow.Output.FlushAsync();
            }
        }
    }

    private static void Measure(VirtualLinkOptions options)
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            await using var pair = Flows.Pair(host, options);
            var (client, server) = await pair.Establish();
            var writing = Write(client, WarmUp + (Windows * Measured));
            await Read(server, WarmUp);
            Assert.InRange(await Least(() => Read(server, Measured)), 0, BoundedBytes);
            await writing;
            await client.DisposeAsync();
            await server.DisposeAsync();
        });
    }

    private static async Task<long> Least(Func<Task> work)
    {
        var least = long.MaxValue;
        for (var window = 0; window < Windows; window++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            await work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static async Task Write(IFlow flow, int size)
    {
        while (size > 0)
        {
            var room = flow.Output.GetMemory();
            var count = Math.Min(room.Length, size);
            flow.Output.Advance(count);
            await flow.Output.FlushAsync();
            size -= count;
        }
    }

    private static async Task Read(IFlow flow, int size)
    {
        while (size > 0)
        {
            var result = await flow.Input.ReadAsync();
            var count = (int)Math.Min(result.Buffer.Length, size);
            flow.Input.AdvanceTo(result.Buffer.GetPosition(count));
            size -= count;
        }
    }
}
