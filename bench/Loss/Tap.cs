using System.Runtime.InteropServices;

namespace Mirage.Bench;

/// <summary>A TAP of the kernel without offloads, which lasts as long as the process: tun(4).</summary>
public sealed unsafe partial class Tap
{
    private const int ReadWrite = 2;
    private const nuint SetInterface = 0x400454CA; // TUNSETIFF
    private const short TapWithoutHeader = 0x1002; // IFF_TAP | IFF_NO_PI
    private const int RequestSize = 40, FlagsOffset = 16;
    private const int Monotonic = 1;
    private readonly int _descriptor;

    public Tap(string name)
    {
        _descriptor = Open("/dev/net/tun", ReadWrite);
        var request = stackalloc byte[RequestSize];
        new Span<byte>(request, RequestSize).Clear();
        System.Text.Encoding.ASCII.GetBytes(name, new Span<byte>(request, FlagsOffset - 1));
        *(short*)(request + FlagsOffset) = TapWithoutHeader;
        if (_descriptor < 0 || Control(_descriptor, SetInterface, request) < 0)
            throw new IOException($"{name} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Waits for a frame.</summary>
    /// <returns>Its bytes; less than one when there will be none.</returns>
    public int Read(Span<byte> frame)
    {
        fixed (byte* bytes = frame)
        {
            nint length;
            do
                length = Read(_descriptor, bytes, (nuint)frame.Length); // Fails while the interface is still down.
            while (length < 0 && Idle());
            return (int)length;
        }
    }

    /// <summary>Hands a frame to the kernel, which may drop it.</summary>
    public void Write(ReadOnlySpan<byte> frame)
    {
        fixed (byte* bytes = frame)
            _ = Write(_descriptor, bytes, (nuint)frame.Length);
    }

    /// <summary>Waits, more exactly than a thread does.</summary>
    public static void Sleep(TimeSpan time)
    {
        var request = stackalloc nint[2];
        request[1] = (nint)(time.Ticks * TimeSpan.NanosecondsPerTick);
        _ = ClockSleep(Monotonic, 0, request, null);
    }

    private static bool Idle()
    {
        Sleep(TimeSpan.FromMilliseconds(1));
        return true;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockSleep(int clock, int flags, nint* request, nint* remaining);
}
