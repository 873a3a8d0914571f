using System.Runtime.InteropServices;

namespace Mirage.Unix;

internal static unsafe partial class Libc
{
    public const int ReadWrite = 2;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int DuplicateCloseOnExec = 1030;
    public const int GetDescriptorFlags = 1;
    public const int DescriptorCloseOnExec = 1;
    public const int GetFlags = 3;
    public const int SetFlags = 4;
    public const short PollIn = 1;
    public const short PollOut = 4;

    [LibraryImport(Name, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Name, EntryPoint = "read")]
    public static partial nint Read(int descriptor, byte* buffer, nint length);

    [LibraryImport(Name, EntryPoint = "write")]
    public static partial nint Write(int descriptor, byte* buffer, nint length);

    [LibraryImport(Name, EntryPoint = "writev")]
    public static partial nint WriteVector(int descriptor, IoVector* vectors, int count);

    [LibraryImport(Name, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport(Name, EntryPoint = "ioctl")]
    public static partial int Control(int descriptor, nuint request, nint argument);

    [LibraryImport(Name, EntryPoint = "fcntl")]
    public static partial int FileControl(int descriptor, int command, nint argument);

    [LibraryImport(Name, EntryPoint = "poll")]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMs);

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        public byte* Base;
        public nint Length;
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
