namespace Mirage.Unix;

/// <summary>What the kernel says of its end of a link, netdevice(7).</summary>
internal static unsafe class InterfaceSettings
{
    private const int DefaultMtu = 1500;

    /// <summary>Brings the interface up, as far as this process may, and gives its MTU in bytes.</summary>
    /// <remarks>Without the right it is the administrator who brings it up: until then frames that are sent are
    /// lost.</remarks>
    public static int BringUp(string name)
    {
        var socket = Libc.Socket(Libc.FamilyInet, Libc.SocketDatagram | Libc.SocketNonBlockingCloseOnExec, 0);
        if (socket < 0)
            return DefaultMtu;

        var request = new Libc.InterfaceRequest(name);
        if (Libc.Control(socket, Libc.InterfaceGetFlags, (nint)(&request)) == 0
            && (request.Flags & Libc.InterfaceUp) == 0)
        {
            request.Flags |= Libc.InterfaceUp;
            _ = Libc.Control(socket, Libc.InterfaceSetFlags, (nint)(&request));
        }

        request = new Libc.InterfaceRequest(name);
        var mtu = Libc.Control(socket, Libc.InterfaceGetMtu, (nint)(&request)) == 0 ? request.Mtu : DefaultMtu;
        _ = Libc.Close(socket);
        return Math.Clamp(mtu, 68, ushort.MaxValue); // RFC 791 section 3.2: every link carries 68 bytes.
    }
}
