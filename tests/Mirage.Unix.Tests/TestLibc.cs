using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mirage.Unix.Tests;

/// <summary>System calls that only tests need.</summary>
internal static unsafe partial class TestLibc
{
    [LibraryImport("libc", EntryPoint = "pipe")]
    public static partial int Pipe(int* ends);

    [LibraryImport("libc", EntryPoint = "socketpair")]
    public static partial int SocketPair(int family, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "unshare")]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    public static partial int AdviseFile(int descriptor, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    public static partial int SetLimit(int resource, ulong* softAndHard);

    [LibraryImport("libc", EntryPoint = "dup")]
    public static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    public static partial int Replace(int descriptor, int replaced);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    /// <summary>Lets this process have no more than <paramref name="count"/> descriptors.</summary>
    public static void LimitDescriptors(ulong count)
    {
        const int OpenFiles = 7;
        var limit = stackalloc ulong[2] { count, count };
        Assert.Equal(0, SetLimit(OpenFiles, limit));
    }

    /// <summary>Takes a file that is on disk out of the page cache.</summary>
    public static void DropFromCache(SafeFileHandle file)
    {
        const int DontNeed = 4;
        Assert.Equal(0, AdviseFile((int)file.DangerousGetHandle(), 0, 0, DontNeed));
    }

    /// <summary>Says that a file was used and changed that many seconds after 1970.</summary>
    public static void SetTime(string path, long seconds)
    {
        const int WorkingDirectory = -100;
        var times = stackalloc long[4] { seconds, 0, seconds, 0 };
        Assert.Equal(0, SetTimes(WorkingDirectory, path, times, 0));
    }

    [LibraryImport("libc", EntryPoint = "utimensat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetTimes(int directory, string path, long* times, int flags);

    [LibraryImport("libc", EntryPoint = "lseek")]
    private static partial long Seek(int descriptor, long offset, int whence);

    /// <summary>Where a file has the first byte that takes room on its disk; -1 where it has none.</summary>
    public static long FirstData(string path)
    {
        const int SeekData = 3;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Seek((int)file.DangerousGetHandle(), 0, SeekData);
    }

    /// <summary>Two non-blocking ends of a unix socket of packets.</summary>
    public static (int Near, int Far) PacketPair(int type = Libc.SocketSequenced)
    {
        var ends = stackalloc int[2];
        Assert.Equal(0, SocketPair(Libc.FamilyUnix, type | Libc.SocketNonBlockingCloseOnExec, 0, ends));
        return (ends[0], ends[1]);
    }

    /// <summary>The ends of a pipe.</summary>
    public static (int Read, int Write) PipeEnds()
    {
        var ends = stackalloc int[2];
        Assert.Equal(0, Pipe(ends));
        return (ends[0], ends[1]);
    }

    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            if (Libc.Write(descriptor, start, bytes.Length) != bytes.Length) // An assertion of xunit would allocate.
                throw new IOException($"The test could not write: {Errno.Describe(Errno.Last)}.");
        }
    }

    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return (int)Libc.Read(descriptor, start, buffer.Length);
    }
}
