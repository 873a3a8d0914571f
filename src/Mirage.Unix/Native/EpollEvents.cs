using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mirage.Unix;

/// <summary>A buffer of <c>struct epoll_event</c>, which is packed to 12 bytes on x64 and has 16 everywhere
/// else.</summary>
/// <remarks><code>
///   x64:    | events (4) | data (8) |
///   arm64:  | events (4) | unused (4) | data (8) |
/// </code></remarks>
internal sealed unsafe class EpollEvents(int count)
{
    private static readonly bool s_isPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private readonly byte[] _bytes = GC.AllocateArray<byte>(count * Stride, pinned: true);

    /// <summary>Bytes of one event.</summary>
    public static int Stride => s_isPacked ? 12 : 16;

    /// <summary>Events that fit.</summary>
    public int Count { get; } = count;

    /// <summary>The buffer, for the system call.</summary>
    public byte* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));

    /// <summary>Reads the event at <paramref name="index"/>.</summary>
    public (uint Events, ulong Data) Read(int index)
    {
        var at = Pointer + (index * Stride);
        return (Unsafe.ReadUnaligned<uint>(at), Unsafe.ReadUnaligned<ulong>(at + Stride - 8));
    }

    /// <summary>Writes one event at the start of <paramref name="destination"/>, which has <see cref="Stride"/>
    /// bytes.</summary>
    public static void Write(byte* destination, uint events, ulong data)
    {
        Unsafe.WriteUnaligned(destination, events);
        Unsafe.WriteUnaligned(destination + Stride - 8, data);
    }
}
