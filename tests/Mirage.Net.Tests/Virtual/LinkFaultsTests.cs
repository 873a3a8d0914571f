using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class LinkFaultsTests : IDisposable
{
    private const int Frames = 1000;

    private readonly SimHost _host = new(seed: 7);

    public void Dispose() => _host.Dispose();

    [Property(MaxTest = 30)]
    public void NoFault_EveryFunctorIsTheBareLink(byte[][] payloads)
    {
        using var host = new SimHost();
        var (left, right) = VirtualPair.Create(host);
        var frames = payloads.Select(payload => (byte[])[.. new byte[14], .. payload]).ToList();
        host.Run(async () =>
        {
            await Same(left.WithLoss(host, 0));
            await Same(left.WithDuplication(host, 0));
            await Same(left.WithReordering(host, 0));
            await Same(left.WithCorruption(host, 0));
            await Same(left.WithDelay(host, TimeSpan.Zero));
            await Same(left.WithRate(host, 0));
            await Same(left.WithMtu(1500));
            await Same(left.WithOutages(host));
            await Same(left.WithPcap(host, Stream.Null));
            await Same(left.WithLoss(host, 1000, LinkDirections.None));
        });

        async Task Same<TNetwork>(TNetwork network) where TNetwork : struct, INetwork<TNetwork>
        {
            var (above, below) = (FrameCollector.On(network), FrameCollector.On(right));
            foreach (var frame in frames)
            {
                Assert.Equal(WriteStatus.Ok, network.Send(frame));
                right.Send(frame);
            }

            await VirtualPairTests.Settle(host);
            Assert.Equal(frames, below);
            Assert.Equal(frames, above);
            Assert.Equal(VirtualPort.Info(left).Mac, TNetwork.Info(network).Mac);
            Assert.Equal(VirtualPort.Info(left).Mtu, TNetwork.Info(network).Mtu);
            Assert.Equal(VirtualPort.Counters(left), TNetwork.Counters(network));
            await TNetwork.Disconnect(network);
        }
    }

    [Fact]
    public void Loss_TenPercent_LosesAboutAsManyAndCountsThem()
    {
        var (sent, received, faults) = Through(link => link.WithLoss(_host, 100), Lossy<VirtualPort>.Faults);
        Assert.InRange(faults.Sent, 70, 130);
        Assert.InRange(faults.Received, 70, 130);
        Assert.Equal(Frames - faults.Sent, sent.Count);
        Assert.Equal(Frames - faults.Received, received.Count);
        Assert.Equal(sent.Order(), sent);
    }

    [Fact]
    public void Duplication_TenPercent_CarriesThatManyTwice()
    {
        var (sent, received, faults) = Through(
            link => link.WithDuplication(_host, 100), Duplicating<VirtualPort>.Faults);
        Assert.InRange(faults.Sent, 70, 130);
        Assert.Equal(Frames + faults.Sent, sent.Count);
        Assert.Equal(Frames + faults.Received, received.Count);
        Assert.Equal(Enumerable.Range(0, Frames), sent.Distinct());
    }

    [Fact]
    public void Reordering_TenPercent_KeepsEveryFrameButNotTheOrder()
    {
        var (sent, received, faults) = Through(link => link.WithReordering(_host, 100), Reordering<VirtualPort>.Faults);
        Assert.InRange(faults.Sent, 70, 130);
        Assert.Equal(Enumerable.Range(0, Frames), sent.Order());
        Assert.Equal(Enumerable.Range(0, Frames), received.Order());
        Assert.NotEqual(sent.Order(), sent);
        Assert.NotEqual(received.Order(), received);
    }

    [Fact]
    public void Delay_OneDirection_IsLateAndInOrder()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            var link = left.WithDelay(
                _host, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(10), LinkDirections.Sent);
            var (above, below) = (FrameCollector.On(link), FrameCollector.On(right));
            for (var number = 0; number < 100; number++)
                link.Send(FrameSender.Numbered(number));
            right.Send(FrameSender.Numbered(1));
            await Task.Delay(TimeSpan.FromMilliseconds(19), _host.Time);
            Assert.Empty(below);
            Assert.Single(above);
            await Task.Delay(TimeSpan.FromMilliseconds(12), _host.Time);
            Assert.Equal(Enumerable.Range(0, 100), below.Select(FrameSender.NumberOf));
        });
    }

    [Fact]
    public void Rate_FramesLeaveOneAfterTheOther_AndTheQueueIsBounded()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            var link = left.WithRate(_host, bitsPerSecond: 8_000_000, queueBytes: 10_000); // 1,000 bytes a millisecond.
            var below = FrameCollector.On(right);
            var taken = Enumerable.Range(0, 20).Count(_ => link.Send(new byte[1000]) is WriteStatus.Ok);
            Assert.Equal(11, taken); // One under way and the queue.
            await Task.Delay(TimeSpan.FromMilliseconds(5), _host.Time);
            await Task.Yield(); // The port hands up in the iteration after the frame was sent.
            await Task.Yield();
            Assert.Equal(5, below.Count);
            await VirtualPairTests.Settle(_host);
            Assert.Equal(11, below.Count);
            Assert.Equal(9, RateLimited<VirtualPort>.Faults(link).Overflowed);
        });
    }

    [Fact]
    public void Corruption_EveryPacket_HasExactlyOneBitFlippedBehindTheEthernetHeader()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            var link = left.WithCorruption(_host, 1000);
            var below = FrameCollector.On(right);
            for (var number = 0; number < 100; number++)
                link.Send(FrameSender.Numbered(0));
            await VirtualPairTests.Settle(_host);
            Assert.Equal(100, below.Count);
            foreach (var frame in below)
            {
                var difference = frame.Zip(FrameSender.Numbered(0), (a, b) => (byte)(a ^ b)).ToArray();
                Assert.Equal(1, difference.Sum(bits => int.PopCount(bits)));
                Assert.All(difference[..14], bits => Assert.Equal(0, bits));
            }
        });
    }

    [Theory]
    [InlineData(true, WriteStatus.TooLong, 600)]
    [InlineData(false, WriteStatus.Ok, 1500)]
    public void Mtu_LongFrame_IsLostAndToldWhenDeclared(bool declared, WriteStatus expected, int mtu)
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            var link = left.WithMtu(600, declared);
            var (above, below) = (FrameCollector.On(link), FrameCollector.On(right));
            Assert.Equal(mtu, MtuLimited<VirtualPort>.Info(link).Mtu);
            Assert.Equal(WriteStatus.Ok, link.Send(new byte[614]));
            Assert.Equal(expected, link.Send(new byte[615]));
            right.Send(new byte[614]);
            right.Send(new byte[615]);
            await VirtualPairTests.Settle(_host);
            Assert.Equal([614], below.Select(frame => frame.Length));
            Assert.Equal([614], above.Select(frame => frame.Length));
            Assert.Equal(new(1, 1, 0), MtuLimited<VirtualPort>.Faults(link));
        });
    }

    [Fact]
    public void Outage_WhileDown_LosesBothDirections()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            var link = left.WithOutages(_host, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));
            var (above, below) = (FrameCollector.On(link), FrameCollector.On(right));
            for (var second = 0; second < 20; second++)
            {
                Outage<VirtualPort>.Set(link, up: second is not 1);
                link.Send(FrameSender.Numbered(second));
                right.Send(FrameSender.Numbered(second));
                await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
            }

            int[] up = [0, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17];
            Assert.Equal(up, below.Select(FrameSender.NumberOf));
            Assert.Equal(up, above.Select(FrameSender.NumberOf));
            Assert.Equal(new(5, 5, 0), Outage<VirtualPort>.Faults(link));
        });
    }

    [Fact]
    public void Disconnected_HeldFramesAreLetGo()
    {
        _host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(_host);
            var link = left.WithDelay(_host, TimeSpan.FromSeconds(5));
            var below = FrameCollector.On(right);
            link.Send(FrameSender.Numbered(1));
            await Delaying<VirtualPort>.Disconnect(link);
            await Task.Delay(TimeSpan.FromSeconds(10), _host.Time);
            Assert.Empty(below);
        });
    }

    private (List<int> Sent, List<int> Received, LinkFaultCounters Faults) Through<TNetwork>(
        Func<VirtualPort, TNetwork> make, Func<TNetwork, LinkFaultCounters> faults)
        where TNetwork : struct, INetwork<TNetwork>
    {
        var (left, right) = VirtualPair.Create(_host);
        var link = make(left);
        var (above, below) = (FrameCollector.On(link), FrameCollector.On(right));
        _host.Run(async () =>
        {
            for (var number = 0; number < Frames; number++)
            {
                link.Send(FrameSender.Numbered(number));
                right.Send(FrameSender.Numbered(number));
                await Task.Delay(TimeSpan.FromMilliseconds(1), _host.Time);
            }

            await VirtualPairTests.Settle(_host);
        });
        return ([.. below.Select(FrameSender.NumberOf)], [.. above.Select(FrameSender.NumberOf)], faults(link));
    }
}
