using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>What a connection holds that has said what it had to say, and waits.</summary>
public sealed class IdleFlowTests
{
    [Fact]
    public void AfterAnExchange_NeitherEndHoldsABlock()
    {
        using var host = new SimHost(seed: 26);
        host.Run(async () =>
        {
            await using var pair = Flows.Pair(host);
            var listener = pair.Listen(80);
            var client = (await TcpIp<VirtualPort>.Connect(
                pair.Left, StackPair<VirtualPort, VirtualPort>.At(80))).Value();
            var server = (await listener.Accept()).Value();
            await Exchange(client, server);
            await Exchange(server, client);
            var waits = new[] { client.Input.ReadAsync().AsTask(), server.Input.ReadAsync().AsTask() };
            await Task.Delay(TimeSpan.FromSeconds(2), host.Time);
            Assert.DoesNotContain(waits, static wait => wait.IsCompleted);
            Assert.Equal(0, TcpIp<VirtualPort>.Engine(pair.Left).Pool.Rented);
            Assert.Equal(0, TcpIp<VirtualPort>.Engine(pair.Right).Pool.Rented);
            await client.DisposeAsync();
            await server.DisposeAsync();
            await Task.WhenAll(waits).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
    }

    private static async Task Exchange(IFlow from, IFlow to)
    {
        from.Output.GetSpan(1)[0] = 1;
        from.Output.Advance(1);
        await from.Output.FlushAsync();
        var read = await to.Input.ReadAsync();
        Assert.Equal(1, read.Buffer.Length);
        await to.Output.WriteAsync(read.Buffer.First);
        to.Input.AdvanceTo(read.Buffer.End);
        read = await from.Input.ReadAsync();
        from.Input.AdvanceTo(read.Buffer.End);
    }
}
