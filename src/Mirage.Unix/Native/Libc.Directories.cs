using System.Runtime.InteropServices;

namespace Mirage.Unix;

internal static unsafe partial class Libc
{
    public const int ReadOnly = 0;
    public const int NoControllingTerminal = 0x100;
    public const int PathOnly = 0x200000;
    public const ulong ResolveNoMagicLinks = 0x02;
    public const ulong ResolveBeneath = 0x08;
    public const int StatEmptyPath = 0x1000;
    public const uint StatBasic = 0x07FF;
    public const ushort ModeKind = 0xF000;
    public const ushort ModeDirectory = 0x4000;
    public const ushort ModeRegular = 0x8000;
    public const int ReadNoWait = 0x08;
    public const int WorkingDirectory = -100;

    private const nint OpenAt2Number = 437;
    private static readonly bool s_isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>O_DIRECTORY, whose number differs between architectures.</summary>
    public static int OpenDirectory => s_isX64 ? 0x10000 : 0x4000;

    /// <summary>O_NOFOLLOW, whose number differs between architectures.</summary>
    public static int OpenNoFollow => s_isX64 ? 0x20000 : 0x8000;

    [LibraryImport(Name, EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(int directory, string path, int flags);

    /// <summary>openat2(2), Linux 5.6, which resolves a path without leaving the directory.</summary>
    public static int OpenBeneath(int directory, byte* path, int flags)
    {
        var how = new OpenHow { Flags = (ulong)flags, Resolve = ResolveBeneath | ResolveNoMagicLinks };
        return (int)SystemCall(OpenAt2Number, directory, (nint)path, (nint)(&how), sizeof(OpenHow), 0, 0);
    }

    /// <summary>statx(2) of an open file.</summary>
    public static int Stat(int descriptor, FileStatus* status)
    {
        byte empty = 0;
        var number = s_isX64 ? 332 : 291;
        return (int)SystemCall(number, descriptor, (nint)(&empty), StatEmptyPath,
            (nint)(StatBasic | StatDirectAlignment), (nint)status, 0);
    }

    /// <summary>preadv2(2) with RWF_NOWAIT, Linux 4.14: fails with EAGAIN where it would wait for a disk.</summary>
    public static nint ReadCached(int descriptor, byte* buffer, nint length, long offset)
    {
        var vector = new IoVector { Base = buffer, Length = length };
        var number = s_isX64 ? 327 : 286;
        return SystemCall(number, descriptor, (nint)(&vector), 1, (nint)offset, 0, ReadNoWait);
    }

    /// <summary>Takes over <paramref name="descriptor"/>, and gives null when it is no directory.</summary>
    [LibraryImport(Name, EntryPoint = "fdopendir")]
    public static partial nint OpenList(int descriptor);

    /// <summary>Gives null at the end, and where it fails: then alone <see cref="Marshal.GetLastPInvokeError"/> is not
    /// 0, since the error is cleared before the call.</summary>
    [LibraryImport(Name, EntryPoint = "readdir", SetLastError = true)]
    public static partial ListEntry* ReadList(nint list);

    [LibraryImport(Name, EntryPoint = "closedir")]
    public static partial int CloseList(nint list);

    /// <summary><c>struct open_how</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary><c>struct statx</c>, as far as it is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct FileStatus
    {
        [FieldOffset(0)]
        public uint Mask;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        /// <summary>What addresses of memory must be a multiple of for O_DIRECT, and 0 where that is impossible;
        /// Linux 6.1.</summary>
        [FieldOffset(152)]
        public uint DirectMemoryAlignment;

        /// <summary>What offsets must be a multiple of for O_DIRECT.</summary>
        [FieldOffset(156)]
        public uint DirectOffsetAlignment;
    }

    /// <summary><c>struct dirent</c> of 64-bit Linux; the name ends in a NUL.</summary>
    [StructLayout(LayoutKind.Explicit)]
    internal struct ListEntry
    {
        [FieldOffset(19)]
        public byte Name;
    }
}
