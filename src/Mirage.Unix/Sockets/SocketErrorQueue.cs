namespace Mirage.Unix;

/// <summary>Reads the errors that the kernel keeps for a socket of datagrams, ip(7): <c>IP_RECVERR</c>.</summary>
/// <remarks><c>struct sock_extended_err</c>:
/// <code>
///   | errno (4) | origin (1) | type (1) | code (1) | pad (1) | info (4) | data (4) | the sender's name …
/// </code></remarks>
internal static unsafe class SocketErrorQueue
{
    private const byte OriginIcmp = 2;
    private const byte OriginIcmpV6 = 3;

    /// <summary>Asks for errors about datagrams of either family.</summary>
    public static void Open(int descriptor)
    {
        KernelSocket.SetOption(descriptor, Libc.LevelIp, Libc.OptionIpReceiveErrors, 1);
        KernelSocket.SetOption(descriptor, Libc.LevelIpv6, Libc.OptionIpv6ReceiveErrors, 1);
    }

    /// <summary>Takes the oldest error. False when there is none; <paramref name="reason"/> is null when it is about
    /// no packet of the network.</summary>
    public static bool TryTake(int descriptor, out Endpoint destination, out IcmpUnreachable? reason)
    {
        (destination, reason) = (default, null);
        var name = stackalloc byte[SocketName.LengthMax];
        var control = stackalloc byte[ControlMessages.LengthMax];
        var message = new Libc.MessageHeader
        {
            Name = name,
            NameLength = SocketName.LengthMax,
            Control = control,
            ControlLength = ControlMessages.LengthMax,
        };
        if (Libc.ReceiveMessage(descriptor, &message, Libc.MessageErrorQueue) < 0)
            return false;

        if (message.NameLength >= SocketName.LengthV4)
            destination = SocketName.Read(new(name, SocketName.LengthMax));
        var messages = new ControlMessages(new(control, (int)message.ControlLength));
        while (messages.TryNext())
        {
            if ((messages.Level, messages.Type) is (Libc.LevelIp, Libc.OptionIpReceiveErrors)
                or (Libc.LevelIpv6, Libc.OptionIpv6ReceiveErrors) && messages.Data.Length >= 8)
                reason = ToReason(messages.Data[4], messages.Data[5], messages.Data[6]);
        }

        return true;
    }

    // RFC 792 and RFC 4443 have the numbers. Codes that nobody knows stand for a host that was not reached.
    private static IcmpUnreachable? ToReason(byte origin, byte type, byte code) => (origin, type, code) switch
    {
        (OriginIcmp, 3, 0 or 6 or 11) => IcmpUnreachable.Network,
        (OriginIcmp, 3, 2) => IcmpUnreachable.Protocol,
        (OriginIcmp, 3, 3) => IcmpUnreachable.Port,
        (OriginIcmp, 3, 4) => IcmpUnreachable.FragmentationNeeded,
        (OriginIcmp, 3, 9 or 10 or 13 or 14 or 15) => IcmpUnreachable.Prohibited,
        (OriginIcmp, 3, _) => IcmpUnreachable.Host,
        (OriginIcmp, 11, _) or (OriginIcmpV6, 3, _) => IcmpUnreachable.TimeExceeded,
        (OriginIcmp, 12, _) or (OriginIcmpV6, 4, _) => IcmpUnreachable.ParameterProblem,
        (OriginIcmpV6, 1, 0) => IcmpUnreachable.Network,
        (OriginIcmpV6, 1, 1 or 5) => IcmpUnreachable.Prohibited,
        (OriginIcmpV6, 1, 4) => IcmpUnreachable.Port,
        (OriginIcmpV6, 1, _) => IcmpUnreachable.Host,
        (OriginIcmpV6, 2, _) => IcmpUnreachable.FragmentationNeeded,
        _ => null,
    };
}
