using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>The kernel's sockets on 127.0.0.1, where one stack is both ends.</summary>
public sealed class SocketStackLaws : StackLaws<SocketStack>
{
    protected override LawOptions Options => base.Options with { Cases = 20 };

    protected override Host CreateHost(ulong seed) => new UnixHost();

    protected override ValueTask Settle(Host host) => LoopTurns.Settle(host);

    protected override ValueTask<StackEnds<SocketStack>> ConnectEnds(Host host)
    {
        var unix = (UnixHost)host;
        var stack = SocketStack.On(unix, IpAddress.LoopbackV4);
        return new(new StackEnds<SocketStack>(stack, stack, () =>
        {
            Assert.Equal(0, unix.Driver.WatchCount);
            return ValueTask.CompletedTask;
        }));
    }
}
