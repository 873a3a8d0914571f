namespace Mirage.Testing;

/// <summary>What a <see cref="SimNetif"/> has: a port, for as long as no other device drives it.</summary>
internal sealed class SimPortDriver(SimPort port, Host host)
{
    private readonly long _session = port.Drive(host);
    private NetworkCounters _last;

    public NetworkInfo Info => port.Info;

    public NetworkCounters Counters => IsCurrent ? _last = port.Counters : _last;

    private bool IsCurrent => port.Session == _session;

    public WriteStatus Write(ref TransmitFrame frame) =>
        IsCurrent ? port.Write(ref frame) : WriteStatus.Disconnected;

    public void Listen(SimPort.FrameInput listener)
    {
        if (IsCurrent)
            port.Listen(listener);
    }

    public void Disconnect()
    {
        if (IsCurrent)
            port.Detach();
    }
}
