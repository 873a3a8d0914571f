using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>A client whose gateway is a stack that answers for everybody.</summary>
internal sealed class ForwardPair : IAsyncDisposable
{
    private readonly SimHost _host;
    private readonly (VirtualPort Left, VirtualPort Right) _link;
    private bool _isGatewayGone;

    public ForwardPair(SimHost host, ForwardOptions options = default)
    {
        _host = host;
        _link = VirtualPair.Create(host);
        Client = TcpIp<VirtualPort>.Create(
            host, _link.Left, Cidr.Parse("10.0.0.1/24"), IpAddress.Parse("10.0.0.2"));
        Gateway = TcpIp<VirtualPort>.Create(host, _link.Right, Cidr.Parse("10.0.0.2/24"));
        Forwarder = TcpIp<VirtualPort>.Forward(Gateway, Log, options).Value();
    }

    public static Endpoint Elsewhere { get; } = new(IpAddress.Parse("192.0.2.7"), 443);

    public ForwardLog Log { get; } = new();

    public TcpIp<VirtualPort> Client { get; }

    public TcpIp<VirtualPort> Gateway { get; }

    public Forwarder Forwarder { get; }

    /// <summary>Lets everything that is under way arrive.</summary>
    public async Task Settle(double seconds = 0.01) => await Task.Delay(TimeSpan.FromSeconds(seconds), _host.Time);

    public void Send(UdpPort port, Endpoint destination, params byte[] payload) => TcpIp<VirtualPort>.Write(
        Client, port, destination, new ReadOnlySequence<byte>(payload)).Value();

    public async ValueTask DisconnectGateway()
    {
        if (_isGatewayGone)
            return;
        _isGatewayGone = true;
        await TcpIp<VirtualPort>.Disconnect(Gateway);
    }

    public async ValueTask DisposeAsync()
    {
        await TcpIp<VirtualPort>.Disconnect(Client);
        await DisconnectGateway();
        await Settle(60);
        await VirtualPort.Disconnect(_link.Left);
        await VirtualPort.Disconnect(_link.Right);
        Leaks.AssertNone(_host);
    }
}
