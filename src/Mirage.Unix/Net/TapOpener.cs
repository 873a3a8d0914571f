using LanguageExt;

namespace Mirage.Unix;

/// <summary>Opens the TAP of a name: the kernel's end of a virtual Ethernet cable, tun(4).</summary>
internal static unsafe class TapOpener
{
    private const string DevicePath = "/dev/net/tun";
    private const string OrUser = "leave --interface out to use the user-mode network";

    /// <summary>The open TAP, brought up when this process may do that, or what the user can do.</summary>
    public static Either<ConnectError, FrameDescriptor> Open(string name)
    {
        if (!IsName(name))
            return new ConnectError(
                $"'{name}' is no name of an interface",
                "write --interface=tap0, --interface=fd:3 or --interface=user");

        var descriptor = Libc.Open(DevicePath, Libc.ReadWrite | Libc.NonBlocking | Libc.CloseOnExec);
        if (descriptor < 0)
            return DescribeOpen(name, Errno.Last);

        var features = 0;
        _ = Libc.Control(descriptor, Libc.TunGetFeatures, (nint)(&features));
        var vnet = features & Libc.TunVnetHeader;
        var flags = Libc.TunTap | Libc.TunNoPacketInformation | vnet;
        var request = new Libc.InterfaceRequest(name) { Flags = (ushort)flags };
        if (Libc.Control(descriptor, Libc.TunSetInterface, (nint)(&request)) < 0)
        {
            var error = DescribeAttach(name, Errno.Last);
            _ = Libc.Close(descriptor);
            return error;
        }

        var mtu = InterfaceSettings.BringUp(name);
        return new FrameDescriptor(descriptor, vnet != 0 ? NegotiateOffload(descriptor) : 0, mtu);
    }

    /// <summary>Sets the form of virtio_net_hdr and says what may be handed up merged and unsummed: as much as this
    /// kernel knows.</summary>
    private static int NegotiateOffload(int descriptor)
    {
        var length = VnetHeader.Length;
        _ = Libc.Control(descriptor, Libc.TunSetVnetHeaderSize, (nint)(&length)); // Ten is the default of every kernel.
        const int Checksum = Libc.TunOffloadChecksum;
        const int Tcp = Checksum | Libc.TunOffloadTcp4 | Libc.TunOffloadTcp6;
        ReadOnlySpan<int> offers = [Tcp | Libc.TunOffloadEcn, Tcp, Checksum];
        foreach (var offer in offers)
        {
            if (Libc.Control(descriptor, Libc.TunSetOffload, offer) == 0)
                break; // When every offer is refused, frames come whole and summed, and still go as they like.
        }

        return length;
    }

    private static bool IsName(string name)
    {
        if (name.Length is 0 or > Libc.InterfaceRequest.NameMax || name is "." or "..")
            return false;
        foreach (var letter in name)
        {
            if (letter is <= ' ' or > '~' or '/' or ':' or '%') // '%' would ask the kernel to choose a number.
                return false;
        }

        return true;
    }

    private static ConnectError DescribeOpen(string name, int error) => error switch
    {
        Errno.NoEntry or Errno.NoDevice =>
            new($"{name}: {DevicePath} is missing", $"load the kernel module tun, or {OrUser}"),
        Errno.AccessDenied or Errno.NotPermitted => new($"{name}: permission denied", $"run as root, or {OrUser}"),
        _ => new($"{name}: {DevicePath} cannot be opened: {Errno.Describe(error)}", OrUser),
    };

    private static ConnectError DescribeAttach(string name, int error) => error switch
    {
        Errno.NotPermitted or Errno.AccessDenied =>
            new(
                $"{name}: permission denied",
                $"run as root, or make it yours by 'ip tuntap add {name} mode tap user $USER', or {OrUser}"),
        Errno.Busy =>
            new($"{name}: another program has it open", $"end that program, choose another name, or {OrUser}"),
        Errno.Invalid =>
            new($"{name}: there is an interface of that name which is no TAP", $"choose another name, or {OrUser}"),
        _ => new($"{name}: {Errno.Describe(error)}", $"choose another name, or {OrUser}"),
    };
}
