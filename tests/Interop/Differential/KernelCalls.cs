using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Mirage.Interop;

/// <summary>The system calls of a peer on a TAP device, and of a thread that goes into a namespace.</summary>
internal static partial class KernelCalls
{
    private const int ReadWriteNonBlocking = 0x802, ReadOnlyCloseOnExec = 0x80000;
    private const int NewNetwork = 0x40000000;
    private const nuint SetInterface = 0x400454CA; // TUNSETIFF of linux/if_tun.h.
    private const ushort TapWithoutPrefix = 0x1002; // IFF_TAP, IFF_NO_PI.
    private const int InterfaceRequestSize = 40, InterfaceFlagsOffset = 16;
    private const short PollIn = 1;

    /// <summary>Runs <paramref name="action"/> on a thread of its own inside a namespace, to its end.</summary>
    public static Thread Enter(string name, Action action)
    {
        var thread = new Thread(() =>
        {
            var descriptor = Must(Open($"/run/netns/{name}", ReadOnlyCloseOnExec), "open a namespace");
            Must(SetNamespace(descriptor, NewNetwork), "enter a namespace");
            _ = CloseDescriptor(descriptor);
            action();
        });
        thread.Start();
        return thread;
    }

    /// <summary>The far end of a TAP device of the namespace that the thread is in.</summary>
    public static int OpenTap(string name)
    {
        var descriptor = Must(Open("/dev/net/tun", ReadWriteNonBlocking), "open /dev/net/tun");
        var request = new byte[InterfaceRequestSize];
        Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(InterfaceFlagsOffset), TapWithoutPrefix);
        Must(Control(descriptor, SetInterface, ref request[0]), $"attach to {name}");
        return descriptor;
    }

    /// <summary>Writes a frame.</summary>
    public static void WriteFrame(int descriptor, byte[] frame) =>
        Must((int)Write(descriptor, ref frame[0], frame.Length), "write to a TAP device");

    /// <summary>Reads a frame, or gives 0 when none comes within a tenth of a second.</summary>
    public static int ReadFrame(int descriptor, byte[] buffer)
    {
        var poll = new PollRequest { Descriptor = descriptor, Events = PollIn };
        return Poll(ref poll, 1, 100) > 0 ? (int)Math.Max(0, Read(descriptor, ref buffer[0], buffer.Length)) : 0;
    }

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int CloseDescriptor(int descriptor);

    private static int Must(int result, string what) => result >= 0
        ? result
        : throw new Win32Exception(
            Marshal.GetLastPInvokeError(), $"Cannot {what}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, ref byte argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollRequest request, uint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Received;
    }
}
