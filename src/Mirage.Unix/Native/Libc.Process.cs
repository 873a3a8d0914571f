using System.Runtime.InteropServices;

namespace Mirage.Unix;

internal static unsafe partial class Libc
{
    public const int SignalPipe = 13;
    public const nint SignalIgnore = 1;

    [LibraryImport(Name, EntryPoint = "signal")]
    public static partial nint Signal(int number, nint handler);

    [LibraryImport(Name, EntryPoint = "kill")]
    public static partial int Kill(int process, int number);

    /// <summary>Lets another thread have the processor, if one waits for it.</summary>
    [LibraryImport(Name, EntryPoint = "sched_yield")]
    public static partial int Yield();

    /// <summary>Ends the process at once: nothing is flushed, no handler runs.</summary>
    [LibraryImport(Name, EntryPoint = "_exit")]
    public static partial void ExitAtOnce(int code);

    /// <summary>The number of bpf(2), which the library has no name for; negative where it is not known.</summary>
    public static nint BpfNumber => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        Architecture.Arm64 => 280,
        _ => -1,
    };

    [LibraryImport(Name, EntryPoint = "syscall")]
    public static partial nint SystemCall(nint number, nint first, nint second, nint third);

    [LibraryImport(Name, EntryPoint = "getrandom")]
    public static partial nint GetRandom(byte* buffer, nint length, uint flags);
}
