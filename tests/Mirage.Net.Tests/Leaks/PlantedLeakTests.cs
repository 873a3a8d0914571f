using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Devices that give something back twice, late or never are told so by name.</summary>
public sealed class PlantedLeakTests
{
    [Fact]
    [Trait("Behaviour", "164")]
    [Trait("Hostile", "35")]
    public void Block_ReturnedTwice_IsRefusedByThePool()
    {
        var pool = new BlockPool("test blocks");
        var block = pool.Rent(1);
        pool.Return(block);
        var error = Assert.Throws<InvalidOperationException>(() => pool.Return(block));
        Assert.Equal("A buffer of the pool 'test blocks' is returned twice.", error.Message);
        Assert.Equal(0, pool.Rented);
        pool.Return(pool.Rent(1)); // Handed out again, it may be returned again.
    }

    [Fact]
    public void BlockTooLongForThePool_ReturnedTwice_IsRefusedByThePool()
    {
        var pool = new BlockPool();
        var block = pool.Rent(BlockPool.BlockSize + 1);
        pool.Return(block);
        Assert.Throws<InvalidOperationException>(() => pool.Return(block));
    }

    [Fact]
    [Trait("Hostile", "35")]
    public void Frame_ReturnedTwice_IsRefusedByThePool()
    {
        var pool = new FramePool("test frames");
        var buffer = pool.Rent(new ReceivedFrame(new byte[60]));
        pool.Return(buffer);
        var error = Assert.Throws<InvalidOperationException>(() => pool.Return(buffer));
        Assert.Equal("A buffer of the pool 'test frames' is returned twice.", error.Message);
        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    [Trait("Hostile", "35")]
    public void Block_ReadAfterItsReturn_ShowsPoison()
    {
        var pool = new BlockPool("test blocks", poisons: true);
        var queue = new ByteQueue(pool);
        queue.Append([1, 2, 3]);
        var late = queue.All.First;
        queue.Release(3);
        Assert.Equal([0xCD, 0xCD, 0xCD], late.ToArray());
    }

    [Fact]
    [Trait("Hostile", "35")]
    public void Frame_ReadAfterItsReturn_ShowsPoison()
    {
        var pool = new FramePool("test frames", poisons: true);
        var buffer = pool.Rent(new ReceivedFrame([1, 2, 3]));
        pool.Return(buffer);
        Assert.Equal([0xCD, 0xCD, 0xCD], buffer.Bytes.ToArray());
    }

    [Fact]
    public void FunctorThatForgetsABuffer_IsNamed() => Run(async (host, port) =>
    {
        var leaky = new LeakyLink(host, port) { ForgetsBuffers = true };
        LeakyLink.Send(leaky);
        await LeakyLink.Disconnect(leaky);
        var error = Assert.Throws<LeakException>(() => Leaks.AssertNone(host));
        Assert.Equal("Not given back: frames of the leaky link: 1.", error.Message);
    });

    [Fact]
    public void DeviceThatLeavesATimer_IsNamed() => Run(async (host, port) =>
    {
        var leaky = new LeakyLink(host, port) { ForgetsTimer = true };
        LeakyLink.Send(leaky);
        await LeakyLink.Disconnect(leaky);
        var error = Assert.Throws<LeakException>(() => Leaks.AssertNone(host));
        Assert.Equal("Not given back: armed timers: 1.", error.Message);
    });

    [Fact]
    public void FunctorThatForgetsNothing_Passes() => Run(async (host, port) =>
    {
        var tight = new LeakyLink(host, port);
        LeakyLink.Send(tight);
        await LeakyLink.Disconnect(tight);
        Leaks.AssertNone(host);
    });

    private static void Run(Func<SimHost, VirtualPort, Task> body)
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(host);
            await VirtualPort.Disconnect(right);
            await body(host, left);
        });
    }

    /// <summary>A link that keeps a copy of each frame for a while, and may forget to clean up.</summary>
    private sealed class LeakyLink
    {
        private readonly FramePool _pool = new("frames of the leaky link");
        private readonly Holding _holding;
        private readonly LoopTimer _timer;
        private readonly VirtualPort _port;
        private readonly EventLoop _loop;
        private FrameBuffer? _kept;

        public LeakyLink(Host host, VirtualPort port)
        {
            (_port, _loop) = (port, host.Loop);
            _holding = host.Holdings.Add("frames of the leaky link", () => _pool.Rented);
            _timer = host.Loop.CreateTimer(static _ => { }, null);
        }

        public bool ForgetsBuffers { get; init; }

        public bool ForgetsTimer { get; init; }

        public static void Send(LeakyLink link)
        {
            link._kept = link._pool.Rent(new ReceivedFrame(new byte[60]));
            link._timer.Arm(link._loop.NowNs + 1_000_000);
        }

        public static async ValueTask Disconnect(LeakyLink link)
        {
            if (!link.ForgetsBuffers)
                link._pool.Return(link._kept!);
            if (!link.ForgetsTimer)
                link._timer.Disarm();
            link._holding.Dispose();
            await VirtualPort.Disconnect(link._port);
        }
    }
}
