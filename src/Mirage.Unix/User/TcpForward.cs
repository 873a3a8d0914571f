using Mirage.Net;

namespace Mirage.Unix;

/// <summary>A TCP port of the machine whose connections go on to a port of the unikernel.</summary>
internal sealed class TcpForward
{
    private readonly SocketListener _listener;
    private readonly TcpIp<VirtualPort> _gateway;
    private readonly Endpoint _guest;
    private readonly RelayLimit _limit;

    /// <param name="listener">Where connections come from; it is this one's from now on.</param>
    /// <param name="gateway">The stack that reaches the unikernel.</param>
    /// <param name="guest">The unikernel's end.</param>
    /// <param name="limit">How many connections there may be at once.</param>
    public TcpForward(SocketListener listener, TcpIp<VirtualPort> gateway, Endpoint guest, RelayLimit limit)
    {
        (_listener, _gateway, _guest, _limit) = (listener, gateway, guest, limit);
        _ = AcceptAll();
    }

    /// <summary>The end that clients connect to.</summary>
    public Endpoint Reachable => _listener.Reachable;

    /// <summary>Takes no more connections; those that are open go on.</summary>
    public void Close() => _listener.Close();

    private async Task AcceptAll()
    {
        while (true)
        {
            await _limit.WaitForRoom(); // Until then clients wait in the kernel's queue.
            var accepted = await _listener.Accept();
            if (accepted.IsLeft)
                return;
            accepted.IfRight(client => _limit.Begin(Relay(client)));
        }
    }

    private async Task Relay(IFlow client)
    {
        var connected = await TcpIp<VirtualPort>.Connect(_gateway, _guest);
        await connected.Match(
            Right: guest => client.Splice(guest),
            Left: _ =>
            {
                // The client was connected before the unikernel was asked: a reset is what is left to say no with.
                client.Abort();
                return Task.CompletedTask;
            });
    }
}
