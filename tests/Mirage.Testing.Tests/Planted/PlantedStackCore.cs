using Mirage.Net;

namespace Mirage.Testing.Tests;

/// <summary>What a planted stack has.</summary>
public sealed class PlantedStackCore(Host host, TcpIp<VirtualPort> stack)
{
    public Host Host => host;

    public TcpIp<VirtualPort> Stack => stack;

    /// <summary>Bytes of datagrams that were not sent yet.</summary>
    public List<byte> Held { get; } = [];
}
