namespace Mirage.Net.Tests;

public sealed class CorruptingNothingLaws : FaultLinkLaws<Corrupting<VirtualPort>>
{
    private protected override Corrupting<VirtualPort> Put(Host host, VirtualPort port) => port.WithCorruption(host, 0);
}
