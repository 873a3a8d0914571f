using FsCheck;
using FsCheck.Fluent;

namespace Mirage.Net.Tests;

/// <summary>A generator for each wire type of Mirage.Net.</summary>
internal static class WireCases
{
    private static Gen<ulong> Word => ArbMap.Default.GeneratorFor<ulong>();

    private static Gen<ushort> Short => Gen.Choose(0, 0xFFFF).Select(value => (ushort)value);

    private static Gen<byte> Octet => Gen.Choose(0, 0xFF).Select(value => (byte)value);

    private static Gen<MacAddress> Mac => Word.Select(value => new MacAddress((value * 0x9E3779B97F4A7C15) >> 16));

    private static Gen<IpAddress> V4 => Word.Select(value => IpAddress.FromV4((uint)((value * 0x9E3779B97F4A7C15) >> 32)));

    public static IReadOnlyList<WireCase> All { get; } =
    [
        WireCase.Of(from destination in Mac
                    from source in Mac
                    from type in Gen.Choose(0x0600, 0xFFFF)
                    select new EthernetHeader(destination, source, (EtherType)type)),
        WireCase.Of(from control in Short
                    from type in Short
                    select new VlanTag(control, (EtherType)type)),
        WireCase.Of(from operation in Gen.Choose(1, 2)
                    from senderMac in Mac
                    from senderIp in V4
                    from targetMac in Mac
                    from targetIp in V4
                    select new ArpPacket((ArpOperation)operation, senderMac, senderIp, targetMac, targetIp)),
    ];
}
