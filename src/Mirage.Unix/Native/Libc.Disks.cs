using System.Runtime.InteropServices;

namespace Mirage.Unix;

internal static unsafe partial class Libc
{
    public const int Exclusive = 0x80;
    public const ushort ModeBlock = 0x6000;
    public const int VectorsMax = 1024; // UIO_MAXIOV
    public const uint StatDirectAlignment = 0x2000;

    private const int SetOpenFileLock = 37; // F_OFD_SETLK
    private const int KeepSize = 1;
    private const int PunchHole = 2;
    private const nuint BlockSectorSize = 0x1268; // BLKSSZGET
    private const nuint BlockBytes = 0x80081272; // BLKGETSIZE64
    private const nuint BlockZeroOut = 0x127F; // BLKZEROOUT

    /// <summary>O_DIRECT, whose number differs between architectures.</summary>
    public static int OpenDirect => s_isX64 ? 0x4000 : 0x10000;

    [LibraryImport(Name, EntryPoint = "preadv")]
    public static partial nint ReadVectorAt(int descriptor, IoVector* vectors, int count, long offset);

    [LibraryImport(Name, EntryPoint = "pwritev")]
    public static partial nint WriteVectorAt(int descriptor, IoVector* vectors, int count, long offset);

    [LibraryImport(Name, EntryPoint = "fdatasync")]
    public static partial int SyncData(int descriptor);

    [LibraryImport(Name, EntryPoint = "fsync")]
    public static partial int Sync(int descriptor);

    [LibraryImport(Name, EntryPoint = "ftruncate")]
    public static partial int Truncate(int descriptor, long length);

    [LibraryImport(Name, EntryPoint = "fallocate")]
    private static partial int Allocate(int descriptor, int mode, long offset, long length);

    /// <summary>preadv2(2) with RWF_NOWAIT, Linux 4.14: fails with EAGAIN where it would wait for a disk.</summary>
    public static nint ReadCached(int descriptor, IoVector* vectors, int count, long offset)
    {
        var number = s_isX64 ? 327 : 286;
        return SystemCall(number, descriptor, (nint)vectors, count, (nint)offset, 0, ReadNoWait);
    }

    /// <summary>Makes a file longer by zeros, and takes the room for them where the file system can; 0 or an
    /// error.</summary>
    public static int Extend(int descriptor, long length)
    {
        if (Allocate(descriptor, 0, 0, length) == 0)
            return 0;
        var error = Errno.Last;
        if (error != Errno.NotSupported)
            return error;
        return Truncate(descriptor, length) == 0 ? 0 : Errno.Last;
    }

    /// <summary>Makes a part of a file read as zeros, by giving its blocks back.</summary>
    public static int Punch(int descriptor, long offset, long length) =>
        Allocate(descriptor, PunchHole | KeepSize, offset, length);

    /// <summary>Makes a part of a disk read as zeros, by whatever the disk does best.</summary>
    public static int ZeroDisk(int descriptor, long offset, long length)
    {
        var range = stackalloc ulong[2] { (ulong)offset, (ulong)length };
        return Control(descriptor, BlockZeroOut, (nint)range);
    }

    /// <summary>Bytes of a disk.</summary>
    public static int DiskSize(int descriptor, out long bytes)
    {
        bytes = 0;
        fixed (long* place = &bytes)
            return Control(descriptor, BlockBytes, (nint)place);
    }

    /// <summary>Bytes of the sectors in which a disk is addressed.</summary>
    public static int DiskSectorSize(int descriptor, out int bytes)
    {
        bytes = 0;
        fixed (int* place = &bytes)
            return Control(descriptor, BlockSectorSize, (nint)place);
    }

    /// <summary>Locks a whole file for whoever has it open, against everybody else who opened it: at once or not at
    /// all. It ends when the descriptor is closed. See fcntl(2), open file description locks.</summary>
    public static int LockOpenFile(int descriptor, bool forWriting)
    {
        var range = new FileLock { Type = (short)(forWriting ? 1 : 0) };
        return FileControl(descriptor, SetOpenFileLock, (nint)(&range));
    }

    /// <summary><c>struct flock</c> of 64-bit Linux; zeros are the whole file.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32)]
    private struct FileLock
    {
        [FieldOffset(0)]
        public short Type;
    }
}
