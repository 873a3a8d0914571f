using System.Runtime.InteropServices;

namespace Mirage.Unix;

internal static unsafe partial class Libc
{
    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const uint EpollIn = 0x001;
    public const uint EpollOut = 0x004;
    public const uint EpollErr = 0x008;
    public const uint EpollHangUp = 0x010;
    public const uint EpollReadHangUp = 0x2000;
    public const uint EpollEdge = 1u << 31;
    public const int EventCloseOnExecNonBlocking = 0x80800;

    private const nint EpollPwait2Number = 441; // The same on every architecture, as all calls since 5.1.

    [LibraryImport(Name, EntryPoint = "epoll_create1")]
    public static partial int EpollCreate(int flags);

    /// <summary><paramref name="change"/> is laid out as <see cref="EpollEvents"/> says.</summary>
    [LibraryImport(Name, EntryPoint = "epoll_ctl")]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport(Name, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, byte* events, int count, int timeoutMs);

    /// <summary>epoll_pwait2(2), Linux 5.11, by its number: the wrapper came to the C libraries later than the call to
    /// kernels.</summary>
    public static int EpollWaitPrecisely(int epoll, byte* events, int count, long timeoutNs)
    {
        var timeout = new TimeSpec { Seconds = timeoutNs / 1_000_000_000, Nanoseconds = timeoutNs % 1_000_000_000 };
        return (int)SystemCall(EpollPwait2Number, epoll, (nint)events, count, (nint)(&timeout), 0, 0);
    }

    [LibraryImport(Name, EntryPoint = "eventfd")]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Name, EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
