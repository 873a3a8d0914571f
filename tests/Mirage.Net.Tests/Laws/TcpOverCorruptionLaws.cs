using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Each frame is damaged once at most: two flips of one column are what the checksum cannot see.</summary>
public sealed class TcpOverCorruptionLaws : TcpLaws<TcpIp<Corrupting<VirtualPort>>>
{
    protected override ValueTask<StackEnds<TcpIp<Corrupting<VirtualPort>>>> ConnectEnds(Host host) =>
        new(TcpIpEnds.Connect(host, port =>
            port.WithCorruption(host, 40, LinkDirections.Sent)));
}
