using System.Runtime.InteropServices;
using System.Text;

namespace Mirage.Unix;

internal static unsafe partial class Libc
{
    public const ushort TunTap = 0x0002;
    public const ushort TunMultiQueue = 0x0100;
    public const ushort TunNoPacketInformation = 0x1000;
    public const ushort TunVnetHeader = 0x4000;
    public const int TunOffloadChecksum = 0x01;
    public const int TunOffloadTcp4 = 0x02;
    public const int TunOffloadTcp6 = 0x04;
    public const int TunOffloadEcn = 0x08;
    public const int TunOffloadUdp4 = 0x20;
    public const int TunOffloadUdp6 = 0x40;

    public const nuint TunSetInterface = 0x400454CA;
    public const nuint TunGetFeatures = 0x800454CF;
    public const nuint TunSetOffload = 0x400454D0;
    public const nuint TunGetInterface = 0x800454D2;
    public const nuint TunGetVnetHeaderSize = 0x800454D7;
    public const nuint TunSetVnetHeaderSize = 0x400454D8;

    public const nuint TunSetSteering = 0x800454E0;

    public const nuint InterfaceGetFlags = 0x8913;
    public const nuint InterfaceSetFlags = 0x8914;
    public const nuint InterfaceGetMtu = 0x8921;
    public const int InterfaceUp = 1;

    /// <summary><c>struct ifreq</c>: a name of at most 15 bytes, and flags, an MTU or anything else in the
    /// union.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    internal struct InterfaceRequest
    {
        public const int NameMax = 15;

        [FieldOffset(0)]
        private fixed byte _name[NameMax + 1];

        [FieldOffset(16)]
        public ushort Flags;

        [FieldOffset(16)]
        public int Mtu;

        /// <summary>A request about the interface of that name, which has been checked to fit.</summary>
        public InterfaceRequest(string name)
        {
            this = default;
            fixed (byte* start = _name)
                Encoding.ASCII.GetBytes(name, new Span<byte>(start, NameMax));
        }

        /// <summary>The name that the kernel filled in.</summary>
        public readonly string Name
        {
            get
            {
                fixed (byte* start = _name)
                    return Marshal.PtrToStringUTF8((nint)start) ?? "";
            }
        }
    }
}
