using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>The link of a unikernel into a user-mode network: a cable in memory, with a <see cref="UserGateway"/> at
/// its far end.</summary>
/// <remarks>Both ends are stacks in one process: checksums are left out, and long TCP frames go in one piece.</remarks>
internal sealed class UserLink : Link
{
    private readonly VirtualPort _near;
    private readonly VirtualPort _far;
    private readonly UserGateway _gateway;
    private bool _isClosed;

    public UserLink(UnixHost host, MacAddress mac, UserNetwork network, IReadOnlyList<PortForward> forwards)
    {
        var hub = VirtualHub.Create(host, VirtualLinkOptions.Offloaded);
        (_near, _far) = (VirtualHub.Attach(hub, mac), VirtualHub.Attach(hub));
        _gateway = new(host, _far, network, forwards);
    }

    public override NetworkInfo Info => VirtualPort.Info(_near);

    public override NetworkCounters Counters => VirtualPort.Counters(_near);

    public override WriteStatus Write(ref TransmitFrame frame) => VirtualPort.Write(_near, ref frame);

    public override void Listen(FrameSink sink) => VirtualPort.Listen(_near, new Handler(sink));

    public override Either<NetworkError, Option<Endpoint>> Expose(IpProtocol protocol, ushort port) =>
        _gateway.Expose(protocol, port);

    public override void Conceal(IpProtocol protocol, ushort port) => _gateway.Conceal(protocol, port);

    public override async ValueTask Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        await _gateway.Close();
        await VirtualPort.Disconnect(_far);
        await VirtualPort.Disconnect(_near);
    }

    private readonly struct Handler(FrameSink sink) : IFrameHandler
    {
        public void Input(in ReceivedFrame frame) => sink.Input(frame);
    }
}
