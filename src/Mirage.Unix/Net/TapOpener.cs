using LanguageExt;

namespace Mirage.Unix;

/// <summary>Opens the TAP of a name: the kernel's end of a virtual Ethernet cable, tun(4).</summary>
internal static unsafe class TapOpener
{
    private const string DevicePath = "/dev/net/tun";
    private const string OrUser = "leave --interface out to use the user-mode network";

    /// <summary>The open TAP, brought up when this process may do that, or what the user can do.</summary>
    /// <param name="name">The TAP, which is made when there is none.</param>
    /// <param name="usesOffload">Whether virtio_net_hdr is asked for.</param>
    /// <param name="isMultiQueue">Whether this opens one queue of several.</param>
    public static Either<ConnectError, FrameDescriptor> Open(
        string name, bool usesOffload = true, bool isMultiQueue = false)
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
        var vnet = usesOffload ? features & Libc.TunVnetHeader : 0;
        var flags =
            Libc.TunTap | Libc.TunNoPacketInformation | vnet | (isMultiQueue ? Libc.TunMultiQueue : 0);
        var request = new Libc.InterfaceRequest(name) { Flags = (ushort)flags };
        if (Libc.Control(descriptor, Libc.TunSetInterface, (nint)(&request)) < 0)
        {
            var error = DescribeAttach(name, Errno.Last);
            _ = Libc.Close(descriptor);
            return error;
        }

        var mtu = InterfaceSettings.BringUp(name);
        if (vnet == 0)
            return new FrameDescriptor(descriptor, 0, mtu);

        var length = VnetHeader.Length;
        _ = Libc.Control(descriptor, Libc.TunSetVnetHeaderSize, (nint)(&length)); // Ten is the default of every kernel.
        return new FrameDescriptor(descriptor, length, mtu) { Offload = TapOffload.Negotiate(descriptor) };
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
