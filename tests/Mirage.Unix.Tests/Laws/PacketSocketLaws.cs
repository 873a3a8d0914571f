using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>Two descriptors of one pair of packet sockets, as <c>fd:N</c> is given.</summary>
public sealed class PacketSocketLaws : NetworkLaws<Netif>
{
    protected override LawOptions Options => base.Options with { Cases = 20 };

    protected override Host CreateHost(ulong seed) => new UnixHost();

    protected override ValueTask Settle(Host host) => LoopTurns.Settle(host);

    protected override ValueTask<(Netif Near, LinkEnd Far)> ConnectLink(Host host)
    {
        var (near, far) = TestLibc.PacketPair();
        return new((Open(host, near, 1), LinkEnd.Of(Open(host, far, 2))));

        static Netif Open(Host host, int descriptor, ulong number)
        {
            var mac = new MacAddress(0x020000000000 | number);
            return Netif.Over(SocketPair.Right(
                LinkOpener.Open(host, new LinkSettings($"fd:{descriptor}", mac, default, []))));
        }
    }
}
