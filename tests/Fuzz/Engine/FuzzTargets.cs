namespace Mirage.Fuzz;

/// <summary>Every parser and every way into a device.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. WireTargets.All,
        .. TextTargets.All,
        new Ipv4OptionsTarget(), new Ipv4InputTarget(), new ReassemblyTarget(), new IcmpQuotationTarget(),
        new TcpOptionsTarget(), new TcpReassemblyTarget(), new TcpMachineTarget(),
        new FrameChecksumTarget(), new PcapRecorderTarget(), new StackTarget(),
        new HttpHeadTarget(), new HttpFieldsTarget(), new ChunkedTarget(), new RangesTarget(), new HttpDateTarget(),
        new EntityTagsTarget(), new SitePathTarget(), new HttpServerTarget(), new SiteTarget(),
        new BootTarget(), new KvRecordTarget(), new NetifTarget(), new GatewayTarget(),
    ];

    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
