using LanguageExt;

namespace Mirage.Unix;

/// <summary>Steps that sockets have in common.</summary>
internal static unsafe class KernelSocket
{
    private const int SecondsMax = short.MaxValue, CountMax = sbyte.MaxValue; // Of keep-alives: the kernel's own.

    /// <summary>A socket that is bound to <paramref name="local"/>, or the error of the step that failed. One that is
    /// shared gets a port that another socket has, which shares it too.</summary>
    public static Either<int, int> Open(int type, Endpoint local, bool isShared = false)
    {
        var family = SocketName.FamilyOf(local.Address);
        var descriptor = Libc.Socket(family, type | Libc.SocketNonBlockingCloseOnExec, 0);
        if (descriptor < 0)
            return Prelude.Left<int, int>(Errno.Last);

        // A wildcard of IPv6 stands for both families.
        if (family == Libc.FamilyInet6)
            SetOption(descriptor, Libc.LevelIpv6, Libc.OptionIpv6Only, 0);
        if (type == Libc.SocketDatagram)
            SetOption(descriptor, Libc.LevelSocket, Libc.OptionBroadcast, 1);
        if (type == Libc.SocketStream || isShared)
            SetOption(descriptor, Libc.LevelSocket, Libc.OptionReuseAddress, 1);

        var name = stackalloc byte[SocketName.LengthMax];
        var length = SocketName.Write(new(name, SocketName.LengthMax), family, local);
        if (Libc.Bind(descriptor, name, length) == 0)
            return Prelude.Right<int, int>(descriptor);

        var error = Errno.Last;
        _ = Libc.Close(descriptor);
        return Prelude.Left<int, int>(error);
    }

    /// <summary>Connects a socket of datagrams, which takes no packet, and gives the error or 0.</summary>
    public static int Connect(int descriptor, int family, Endpoint remote)
    {
        var name = stackalloc byte[SocketName.LengthMax];
        var length = SocketName.Write(new(name, SocketName.LengthMax), family, remote);
        if (length == 0)
            return Errno.FamilyUnsupported;
        return Libc.Connect(descriptor, name, length) == 0 ? 0 : Errno.Last;
    }

    public static Endpoint LocalEnd(int descriptor)
    {
        var name = stackalloc byte[SocketName.LengthMax];
        var length = SocketName.LengthMax;
        return Libc.GetSocketName(descriptor, name, &length) == 0
            ? SocketName.Read(new(name, SocketName.LengthMax))
            : default;
    }

    /// <summary>The error that the kernel keeps for a socket, which is taken by asking; 0 for none.</summary>
    public static int TakeError(int descriptor)
    {
        int error, length = sizeof(int);
        var result = Libc.GetSocketOption(descriptor, Libc.LevelSocket, Libc.OptionError, &error, &length);
        return result == 0 ? error : Errno.Last;
    }

    public static void SetOption(int descriptor, int level, int option, int value) =>
        _ = Libc.SetSocketOption(descriptor, level, option, &value, sizeof(int));

    /// <summary>Tells the kernel how a connection is to behave.</summary>
    public static void Apply(int descriptor, FlowOptions options)
    {
        if (options.ReceiveBuffer > 0)
            SetOption(descriptor, Libc.LevelSocket, Libc.OptionReceiveBuffer, options.ReceiveBuffer);
        if (options.SendBuffer > 0)
            SetOption(descriptor, Libc.LevelSocket, Libc.OptionSendBuffer, options.SendBuffer);
        if (options.UserTimeout is { } time)
            SetOption(descriptor, Libc.LevelTcp, Libc.OptionUserTimeout, Whole(time.TotalMilliseconds, int.MaxValue));
        if (options.KeepAlive is not { } idle)
            return;
        SetOption(descriptor, Libc.LevelSocket, Libc.OptionKeepAlive, 1);
        SetOption(descriptor, Libc.LevelTcp, Libc.OptionKeepIdle, Whole(idle.TotalSeconds, SecondsMax));
        if (options.KeepAliveInterval > TimeSpan.Zero)
            SetOption(descriptor, Libc.LevelTcp, Libc.OptionKeepInterval,
                Whole(options.KeepAliveInterval.TotalSeconds, SecondsMax));
        if (options.KeepAliveCount > 0)
            SetOption(descriptor, Libc.LevelTcp, Libc.OptionKeepCount, Math.Min(options.KeepAliveCount, CountMax));
    }

    // The kernel counts in whole units and takes 0 for something else.
    private static int Whole(double units, int max) => (int)Math.Clamp(Math.Ceiling(units), 1, max);

    /// <summary>Closes a connection with a reset instead of an end of stream.</summary>
    public static void Reset(int descriptor)
    {
        var linger = new Libc.Linger { IsOn = 1 };
        _ = Libc.SetSocketOption(descriptor, Libc.LevelSocket, Libc.OptionLinger, &linger, sizeof(Libc.Linger));
        _ = Libc.Close(descriptor);
    }
}
