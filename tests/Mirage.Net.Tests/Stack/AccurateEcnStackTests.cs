using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Accurate ECN between two stacks, with devices that cut and merge segments and without.</summary>
[Trait("Conforms", "RFC 9768 section 3")]
public sealed class AccurateEcnStackTests
{
    [Theory]
    [Trait("Behaviour", "138")]
    [InlineData(false)]
    [InlineData(true)]
    public void BothAgree_AndEverythingArrives_WithoutAMarkSeen(bool isOffloaded)
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            await using var pair = Flows.Pair(host, isOffloaded ? VirtualLinkOptions.Offloaded : new());
            var listener = pair.Listen(80);
            var connecting = TcpIp<VirtualPort>.Connect(
                pair.Left, StackPair<VirtualPort, VirtualPort>.At(80), new FlowOptions { AsksForEcn = true });
            await using var server = (await listener.Accept()).Value();
            await using var client = (await connecting).Value();
            await listener.DisposeAsync();
            var bytes = Flows.Bytes(1_000_000);
            // A reader that waits for all of it, and takes nothing meanwhile, would shut the window for good.
            var reading = server.Input.Drain();
            await client.Write(bytes);
            await client.Output.CompleteAsync();
            Assert.Equal(bytes, await reading);
            foreach (var flow in new[] { client, server })
            {
                var info = Assert.IsType<ITcpFlow>(flow, exactMatch: false).Info;
                Assert.True(info.HasEcn);
                Assert.Equal(0, info.SegmentsMarked);
            }
        });
    }
}
