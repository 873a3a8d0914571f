namespace Mirage.Net.Tests;

public sealed class PcapRecorderLaws : FaultLinkLaws<PcapRecorder<VirtualPort>>
{
    private protected override PcapRecorder<VirtualPort> Put(Host host, VirtualPort port) =>
        port.WithPcap(host, new MemoryStream());
}
