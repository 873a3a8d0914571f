using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>Our own stack at both ends of a link in memory, in virtual time.</summary>
public sealed class TcpIpSuite : StackTests<TcpIp<VirtualPort>>
{
    protected override void Run(Func<StackEnds<TcpIp<VirtualPort>>, Task> test)
    {
        using var host = new SimHost(seed: 11);
        host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(host);
            var client = TcpIp<VirtualPort>.Create(host, left, Cidr.Parse("10.0.0.1/24"));
            var server = TcpIp<VirtualPort>.Create(host, right, Cidr.Parse("10.0.0.2/24"));
            await test(new(client, server, () => Task.Delay(TimeSpan.FromSeconds(10), host.Time)));
            await TcpIp<VirtualPort>.Disconnect(client);
            await TcpIp<VirtualPort>.Disconnect(server);
            await VirtualPort.Disconnect(left);
            await VirtualPort.Disconnect(right);
            await Task.Yield(); // A test may have gone on in the middle of a frame's way up, which is over only now.
            Leaks.AssertNone(host);
        });
    }
}
