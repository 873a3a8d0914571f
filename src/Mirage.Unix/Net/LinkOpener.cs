using System.Buffers.Binary;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>Opens what the key <c>--interface</c> names.</summary>
internal static class LinkOpener
{
    /// <summary>The link, or what was wrong and what the user can do.</summary>
    /// <param name="host">The host of the boot; links need a <see cref="UnixHost"/>.</param>
    /// <param name="name">The value of the key.</param>
    /// <param name="mac">The address to send from, or None for a random one.</param>
    public static Either<ConnectError, Link> Open(Host host, string name, Option<MacAddress> mac)
    {
        if (host is not UnixHost unix)
            return new ConnectError("a Netif needs a Linux process", "use a virtual link in simulation");
        if (mac.Exists(static address => address.IsGroup))
            return new ConnectError($"{mac.IfNone(default(MacAddress))} is the address of a group, from which no station sends", "write an even first octet, as 02:00:00:00:00:01");

        var address = mac.IfNone(() => RandomMac(host));
        var device = InheritedOpener.IsDescriptor(name) ? InheritedOpener.Open(name) : TapOpener.Open(name);
        return device.Bind(opened => Attach(unix, name, opened, address));
    }

    private static Either<ConnectError, Link> Attach(UnixHost host, string name, FrameDescriptor device, MacAddress mac)
    {
        try
        {
            return new DescriptorLink(host, device, mac);
        }
        catch (IOException error)
        {
            _ = Libc.Close(device.Descriptor);
            return new ConnectError($"{name}: {error.Message}", "pass another descriptor");
        }
    }

    private static MacAddress RandomMac(Host host)
    {
        Span<byte> seed = stackalloc byte[sizeof(ulong)];
        host.FillRandom(seed);
        return MacAddress.Local(BinaryPrimitives.ReadUInt64LittleEndian(seed));
    }
}
