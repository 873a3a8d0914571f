namespace Mirage.Net;

/// <summary>A port of UDP that the link below was told of.</summary>
internal sealed class StackUdpPort(UdpPort port, Endpoint reachable, Action onUnbound) : UdpPort
{
    private bool _isUnbound;

    public override ushort Number => port.Number;

    public override Endpoint Reachable => reachable;

    /// <summary>The port as UDP itself knows it.</summary>
    public UdpPort Inner => port;

    protected override void Unbind()
    {
        if (_isUnbound)
            return;
        _isUnbound = true;
        port.Dispose();
        onUnbound();
    }
}
