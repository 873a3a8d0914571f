using System.Runtime.InteropServices;

namespace Mirage.Unix.Tests;

/// <summary>System calls that only tests need.</summary>
internal static unsafe partial class TestLibc
{
    [LibraryImport("libc", EntryPoint = "pipe")]
    public static partial int Pipe(int* ends);
}
