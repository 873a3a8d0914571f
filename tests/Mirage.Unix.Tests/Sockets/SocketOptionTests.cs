using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class SocketOptionTests
{
    [Fact]
    public void FlowOptions_BecomeOptionsOfTheSocket()
    {
        var descriptor = KernelSocket.Open(Libc.SocketStream, new(IpAddress.LoopbackV4, 0)).Match(
            Right: static descriptor => descriptor,
            Left: static error => throw new InvalidOperationException($"errno {error}"));
        try
        {
            KernelSocket.Apply(descriptor, new()
            {
                KeepAlive = TimeSpan.FromMilliseconds(1500),
                KeepAliveInterval = TimeSpan.FromDays(1),
                KeepAliveCount = 5,
                UserTimeout = TimeSpan.FromMinutes(2),
            });
            Assert.Equal(1, Option(descriptor, Libc.LevelSocket, Libc.OptionKeepAlive));
            Assert.Equal(2, Option(descriptor, Libc.LevelTcp, Libc.OptionKeepIdle));
            Assert.Equal(short.MaxValue, Option(descriptor, Libc.LevelTcp, Libc.OptionKeepInterval));
            Assert.Equal(5, Option(descriptor, Libc.LevelTcp, Libc.OptionKeepCount));
            Assert.Equal(120_000, Option(descriptor, Libc.LevelTcp, Libc.OptionUserTimeout));
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    [Fact]
    [Trait("Behaviour", "103")]
    public void LingerOfZero_Disposed_ResetsThePeer() => Run(static async (host, pair) =>
    {
        var connecting = SocketStack.Connect(
            pair.Stack, pair.Listener.Reachable, new FlowOptions { Linger = TimeSpan.Zero });
        var server = Right(await pair.Listener.Accept());
        await Right(await connecting).DisposeAsync();
        Assert.IsType<TcpError.Reset>(await ReadError(server.Input));
    });

    private static unsafe int Option(int descriptor, int level, int option)
    {
        int value, length = sizeof(int);
        Assert.Equal(0, Libc.GetSocketOption(descriptor, level, option, &value, &length));
        return value;
    }
}
