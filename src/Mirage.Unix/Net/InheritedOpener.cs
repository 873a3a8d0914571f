using System.Globalization;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>Finds out what an inherited descriptor is: whoever started the process opened it, so no right is needed
/// here.</summary>
internal static unsafe class InheritedOpener
{
    private const string Prefix = "fd:";
    private const int DefaultMtu = 1500;
    private const string Remedy =
        "pass a TAP, or a unix socket of type SOCK_SEQPACKET or SOCK_DGRAM that carries one frame a packet";

    /// <summary>Whether the text has the form <c>fd:N</c>, whatever N is.</summary>
    public static bool IsDescriptor(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The descriptor of <c>fd:N</c>, made non-blocking, or what the user can do.</summary>
    public static Either<ConnectError, FrameDescriptor> Open(string text, bool usesOffload = true)
    {
        var number = text.AsSpan(Prefix.Length);
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor))
            return new ConnectError($"'{text}' is no descriptor", "write its number, as --interface=fd:3");

        var flags = Libc.FileControl(descriptor, Libc.GetFlags, 0);
        if (flags < 0)
            return new ConnectError(
                $"{text}: no such descriptor is open",
                "have the program that starts this one open it and pass it on");

        return Identify(text, descriptor, usesOffload).Map(device =>
        {
            _ = Libc.FileControl(descriptor, Libc.SetFlags, flags | Libc.NonBlocking);
            return device;
        });
    }

    private static Either<ConnectError, FrameDescriptor> Identify(string text, int descriptor, bool usesOffload)
    {
        Libc.InterfaceRequest request = default;
        if (Libc.Control(descriptor, Libc.TunGetInterface, (nint)(&request)) == 0)
            return IdentifyTap(text, descriptor, request, usesOffload);

        int type, family, length = sizeof(int);
        if (Libc.GetSocketOption(descriptor, Libc.LevelSocket, Libc.OptionType, &type, &length) != 0
            || Libc.GetSocketOption(descriptor, Libc.LevelSocket, Libc.OptionDomain, &family, &length) != 0)
            return new ConnectError($"{text}: neither a TAP nor a socket", Remedy);
        if (family != Libc.FamilyUnix || type is not (Libc.SocketSequenced or Libc.SocketDatagram))
            return new ConnectError($"{text}: a socket that carries no Ethernet frames", Remedy);
        return new FrameDescriptor(descriptor, 0, DefaultMtu);
    }

    private static Either<ConnectError, FrameDescriptor> IdentifyTap(
        string text, int descriptor, in Libc.InterfaceRequest request, bool usesOffload)
    {
        if ((request.Flags & Libc.TunTap) == 0)
            return new ConnectError($"{text}: a TUN, which carries IP packets without Ethernet", Remedy);
        if ((request.Flags & Libc.TunNoPacketInformation) == 0)
            return new ConnectError(
                $"{text}: a TAP with packet information in front of its frames",
                "open it with IFF_NO_PI");

        var length = 0;
        if ((request.Flags & Libc.TunVnetHeader) != 0
            && Libc.Control(descriptor, Libc.TunGetVnetHeaderSize, (nint)(&length)) != 0)
            length = VnetHeader.Length;
        var offload = length == 0 ? LinkOffload.None
            : usesOffload ? TapOffload.Negotiate(descriptor) : TapOffload.Decline(descriptor);
        return new FrameDescriptor(descriptor, length, InterfaceSettings.BringUp(request.Name)) { Offload = offload };
    }
}
