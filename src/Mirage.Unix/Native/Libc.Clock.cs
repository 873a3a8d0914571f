using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mirage.Unix;

/// <summary>The system calls of Linux, by concern. They give -1 and leave <see cref="Errno.Last"/>, as in C.</summary>
internal static unsafe partial class Libc
{
    private const string Name = "libc";
    private const int ClockRealtime = 0;
    private const int ClockMonotonic = 1;

    /// <summary>Monotonic time, ns. The clock is read from the vDSO, without entering the kernel.</summary>
    public static long MonotonicNs() => ReadClock(ClockMonotonic);

    /// <summary>Time since 1970 without leap seconds, ns.</summary>
    public static long RealtimeNs() => ReadClock(ClockRealtime);

    private static long ReadClock(int clock)
    {
        TimeSpec time;
        var result = ClockGetTime(clock, &time);
        Debug.Assert(result == 0, "Every Linux has both clocks.");
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    // Returns within tens of nanoseconds and never blocks: the transition to native code would cost more than the call.
    [LibraryImport(Name, EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int ClockGetTime(int clock, TimeSpec* time);

    /// <summary><c>struct timespec</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
