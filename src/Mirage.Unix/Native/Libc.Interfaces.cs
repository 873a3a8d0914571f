using System.Runtime.InteropServices;

namespace Mirage.Unix;

internal static unsafe partial class Libc
{
    [LibraryImport(Name, EntryPoint = "getifaddrs")]
    public static partial int GetInterfaceAddresses(InterfaceAddress** list);

    [LibraryImport(Name, EntryPoint = "freeifaddrs")]
    public static partial void FreeInterfaceAddresses(InterfaceAddress* list);

    /// <summary><c>struct ifaddrs</c>, as far as it is read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct InterfaceAddress
    {
        public InterfaceAddress* Next;
        public byte* Name;
        public uint Flags;
        public byte* Address;
        public byte* Mask;
    }
}
