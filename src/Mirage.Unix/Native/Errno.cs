using System.Runtime.InteropServices;

namespace Mirage.Unix;

/// <summary>The errors of Linux that this package decides on; the numbers are those of x64 and arm64.</summary>
internal static class Errno
{
    public const int NotPermitted = 1; // EPERM
    public const int NoEntry = 2; // ENOENT
    public const int Interrupted = 4; // EINTR
    public const int InputOutput = 5; // EIO
    public const int BadDescriptor = 9; // EBADF
    public const int Again = 11; // EAGAIN
    public const int AccessDenied = 13; // EACCES
    public const int Busy = 16; // EBUSY
    public const int NoDevice = 19; // ENODEV
    public const int AlreadyThere = 17; // EEXIST
    public const int NotDirectory = 20; // ENOTDIR
    public const int Invalid = 22; // EINVAL
    public const int NotTerminal = 25; // ENOTTY
    public const int BrokenPipe = 32; // EPIPE
    public const int NameTooLong = 36; // ENAMETOOLONG
    public const int NotImplemented = 38; // ENOSYS
    public const int NoSystemFiles = 23; // ENFILE
    public const int NoFiles = 24; // EMFILE
    public const int NoMemory = 12; // ENOMEM
    public const int TooLarge = 27; // EFBIG
    public const int NoSpace = 28; // ENOSPC
    public const int ReadOnlySystem = 30; // EROFS
    public const int QuotaExceeded = 122; // EDQUOT
    public const int NoData = 61; // ENODATA
    public const int MessageTooLong = 90; // EMSGSIZE
    public const int NotSupported = 95; // EOPNOTSUPP
    public const int FamilyUnsupported = 97; // EAFNOSUPPORT
    public const int AddressInUse = 98; // EADDRINUSE
    public const int AddressUnavailable = 99; // EADDRNOTAVAIL
    public const int NetworkDown = 100; // ENETDOWN
    public const int NetworkUnreachable = 101; // ENETUNREACH
    public const int ConnectionAborted = 103; // ECONNABORTED
    public const int ConnectionReset = 104; // ECONNRESET
    public const int NoBuffers = 105; // ENOBUFS
    public const int TimedOut = 110; // ETIMEDOUT
    public const int ConnectionRefused = 111; // ECONNREFUSED
    public const int HostUnreachable = 113; // EHOSTUNREACH
    public const int InProgress = 115; // EINPROGRESS

    /// <summary>The error of the system call before. The runtime keeps it across the return from native code.</summary>
    public static int Last => Marshal.GetLastSystemError();

    /// <summary>The error in the system's words, as <c>permission denied</c>.</summary>
    public static string Describe(int error)
    {
        var text = Marshal.GetPInvokeErrorMessage(error);
        return text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
