using System.Runtime.InteropServices;

namespace Mirage.Unix;

internal static unsafe partial class Libc
{
    public const int FamilyUnix = 1;
    public const int FamilyInet = 2;
    public const int FamilyInet6 = 10;
    public const int SocketStream = 1;
    public const int SocketDatagram = 2;
    public const int SocketSequenced = 5;
    public const int SocketNonBlockingCloseOnExec = 0x80800;

    public const int LevelIp = 0;
    public const int LevelSocket = 1;
    public const int LevelTcp = 6;
    public const int LevelUdp = 17;
    public const int LevelIpv6 = 41;
    public const int OptionReuseAddress = 2;
    public const int OptionType = 3;
    public const int OptionError = 4;
    public const int OptionBroadcast = 6;
    public const int OptionSendBuffer = 7;
    public const int OptionReceiveBuffer = 8;
    public const int OptionKeepAlive = 9;
    public const int OptionLinger = 13;
    public const int OptionDomain = 39;
    public const int OptionNoDelay = 1;
    public const int OptionKeepIdle = 4;
    public const int OptionKeepInterval = 5;
    public const int OptionKeepCount = 6;
    public const int OptionTcpInfo = 11;
    public const int OptionUserTimeout = 18;
    public const int OptionIpPacketInfo = 8;
    public const int OptionIpMtuDiscover = 10;
    public const int OptionIpReceiveErrors = 11;
    public const int OptionIpv6MtuDiscover = 23;
    public const int OptionIpv6ReceiveErrors = 25;
    public const int OptionIpMulticastTtl = 33;
    public const int OptionIpMulticastLoop = 34;
    public const int OptionIpAddMembership = 35;
    public const int OptionIpDropMembership = 36;
    public const int OptionIpMulticastAll = 49;
    public const int OptionUdpSegment = 103;
    public const int MtuDiscoverDo = 2;
    public const int MessageErrorQueue = 0x2000;
    public const int OptionIpv6Only = 26;
    public const int OptionIpv6ReceivePacketInfo = 49;
    public const int ControlIpv6PacketInfo = 50;
    public const int ShutWrite = 1;
    public const int ShutBoth = 2;

    [LibraryImport(Name, EntryPoint = "socket")]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Name, EntryPoint = "bind")]
    public static partial int Bind(int descriptor, byte* name, int length);

    [LibraryImport(Name, EntryPoint = "listen")]
    public static partial int Listen(int descriptor, int backlog);

    [LibraryImport(Name, EntryPoint = "connect")]
    public static partial int Connect(int descriptor, byte* name, int length);

    [LibraryImport(Name, EntryPoint = "accept4")]
    public static partial int Accept(int descriptor, byte* name, int* length, int flags);

    [LibraryImport(Name, EntryPoint = "getsockname")]
    public static partial int GetSocketName(int descriptor, byte* name, int* length);

    [LibraryImport(Name, EntryPoint = "shutdown")]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport(Name, EntryPoint = "recv")]
    public static partial nint Receive(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport(Name, EntryPoint = "recvmsg")]
    public static partial nint ReceiveMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport(Name, EntryPoint = "sendmsg")]
    public static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport(Name, EntryPoint = "sendto")]
    public static partial nint SendTo(int descriptor, byte* buffer, nint length, int flags, byte* name, int nameLength);

    [LibraryImport(Name, EntryPoint = "setsockopt")]
    public static partial int SetSocketOption(int descriptor, int level, int option, void* value, int length);

    [LibraryImport(Name, EntryPoint = "getsockopt")]
    public static partial int GetSocketOption(int descriptor, int level, int option, void* value, int* length);

    /// <summary><c>struct linger</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Linger
    {
        public int IsOn;
        public int Seconds;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        public byte* Name;
        public int NameLength;
        public IoVector* Vectors;
        public nint VectorCount;
        public byte* Control;
        public nint ControlLength;
        public int Flags;
    }
}
