using System.Diagnostics;
using Mirage.Testing;
using Xunit.Abstractions;

namespace Mirage.Net.Tests;

/// <summary>
/// Both directions carry their bytes whole over every fault that a link can have, and nothing is left afterwards.
/// </summary>
public sealed class TcpOverFaultsTests(ITestOutputHelper output)
{
    private const int Size = 10_000_000;

    [Fact]
    public void BareLink_BytesArrive() => Transfer((_, link) => link);

    [Fact]
    public void OffloadedLink_BytesArriveInLargeFrames()
    {
        var frames = Transfer((_, link) => link, VirtualLinkOptions.Offloaded);
        Assert.InRange(frames, 1, 2 * Size / 8_000);
    }

    [Fact]
    public void TenPercentLost_BytesArrive() => Transfer((host, link) => link.WithLoss(host, 100));

    [Fact]
    public void TenPercentTwice_BytesArrive() => Transfer((host, link) => link.WithDuplication(host, 100));

    [Fact]
    public void TenPercentOvertaken_BytesArrive() =>
        Transfer((host, link) => link.WithReordering(host, 100, TimeSpan.FromMilliseconds(2)));

    [Fact]
    public void TenPercentDamaged_BytesArrive() => Transfer((host, link) => link.WithCorruption(host, 100));

    [Fact]
    public void SmallMtu_BytesArrive() => Transfer((_, link) => link.WithMtu(576));

    [Fact]
    public void LongAndSlowPath_BytesArrive() => Transfer((host, link) =>
        link.WithRate(host, 100_000_000).WithDelay(host, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(2)));

    [Fact]
    public void Outages_BytesArrive() => Transfer((host, link) =>
        link.WithRate(host, 20_000_000).WithOutages(host, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)));

    [Fact]
    public void EverythingAtOnce_BytesArrive() => Transfer((host, link) => link
        .WithDelay(host, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(1))
        .WithLoss(host, 20).WithDuplication(host, 20).WithReordering(host, 20).WithCorruption(host, 20));

    private long Transfer<TNetwork>(Func<SimHost, VirtualPort, TNetwork> make, VirtualLinkOptions? options = null)
        where TNetwork : struct, INetwork<TNetwork>
    {
        var watch = Stopwatch.StartNew();
        using var host = new SimHost(seed: 11);
        var frames = 0L;
        host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(host, options);
            var link = make(host, left);
            await using (var pair = new StackPair<TNetwork, VirtualPort>(host, link, right))
            {
                var (client, server) = await pair.Establish();
                var (up, down) = (Flows.Bytes(Size, 1), Flows.Bytes(Size, 2));
                var (atServer, atClient) = (server.Input.Drain(), client.Input.Drain());
                await Task.WhenAll(Send(client, up), Send(server, down));
                var received = await Task.WhenAll(atServer, atClient);
                Assert.True(up.SequenceEqual(received[0]));
                Assert.True(down.SequenceEqual(received[1]));
                await client.DisposeAsync();
                await server.DisposeAsync();
            }

            frames = VirtualPort.Counters(right).SentFrames + VirtualPort.Counters(right).ReceivedFrames;
            await TNetwork.Disconnect(link);
        });
        var seconds = host.Loop.NowNs / 1e9;
        output.WriteLine($"{seconds:F3} s of virtual time, {frames} frames, {watch.ElapsedMilliseconds} ms");
        return frames;

        static async Task Send(IFlow flow, byte[] bytes)
        {
            await flow.Write(bytes);
            await flow.Output.CompleteAsync();
        }
    }
}
