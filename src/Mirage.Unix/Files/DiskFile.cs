using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mirage.Unix;

/// <summary>A file or a disk of the machine that is open and locked, and the system calls on it. They wait.</summary>
/// <param name="handle">Open, and this one's from now on.</param>
/// <param name="isDisk">Whether it is a block device; else it is a regular file.</param>
/// <param name="alignment">What addresses and lengths of memory must be a multiple of; 1 where the page cache is
/// between.</param>
internal sealed unsafe class DiskFile(SafeFileHandle handle, bool isDisk, int alignment) : IDisposable
{
    private const int BounceMax = 1 << 20;

    public const string Shrunk = "the file is shorter than it was when it was connected";

    private int Descriptor => (int)handle.DangerousGetHandle();

    /// <summary>Whether the page cache is passed by.</summary>
    public bool IsDirect => alignment > 1;

    /// <summary>Reads what is in the page cache, all of it or a part, and does not wait.</summary>
    public void ReadCached(DiskVectors vectors, long offset)
    {
        var count = Libc.ReadCached(Descriptor, vectors.First, vectors.Count, offset);
        if (count > 0)
            vectors.Advance(count);
    }

    /// <summary>Reads all that is left, which begins at <paramref name="offset"/>; 0 or an error.</summary>
    public int Read(DiskVectors vectors, long offset, ref byte[] bounce)
    {
        var isBounced = IsDirect && !vectors.AreAligned(alignment);
        while (vectors.Rest > 0)
        {
            var piece = isBounced ? Bounce(ref bounce, vectors.Rest) : default;
            var count = isBounced
                ? Call(piece, offset, isWrite: false)
                : Libc.ReadVectorAt(Descriptor, vectors.First, vectors.Count, offset);
            if (count < 0 && Errno.Last == Errno.Interrupted)
                continue;
            if (count <= 0)
                return count == 0 ? Errno.NoData : Errno.Last;
            if (isBounced)
                vectors.CopyFrom(piece[..(int)count]);
            vectors.Advance(count);
            offset += count;
        }

        return 0;
    }

    /// <summary>Writes all that is left, which begins at <paramref name="offset"/>; 0 or an error.</summary>
    public int Write(DiskVectors vectors, long offset, ref byte[] bounce)
    {
        // A write past the end would make the file longer.
        if (!isDisk && Size() < offset + vectors.Rest)
            return Errno.NoData;
        var isBounced = IsDirect && !vectors.AreAligned(alignment);
        while (vectors.Rest > 0)
        {
            var piece = isBounced ? Bounce(ref bounce, vectors.Rest) : default;
            if (isBounced)
                vectors.CopyTo(piece);
            var count = isBounced
                ? Call(piece, offset, isWrite: true)
                : Libc.WriteVectorAt(Descriptor, vectors.First, vectors.Count, offset);
            if (count < 0 && Errno.Last == Errno.Interrupted)
                continue;
            if (count <= 0)
                return count == 0 ? Errno.NoSpace : Errno.Last;
            vectors.Advance(count);
            offset += count;
        }

        return 0;
    }

    /// <summary>Makes what was written durable; 0 or an error.</summary>
    public int Flush() => Retry(Libc.SyncData(Descriptor));

    /// <summary>Makes a part read as zeros; 0 or an error.</summary>
    public int Discard(long offset, long length) => Retry(isDisk
        ? Libc.ZeroDisk(Descriptor, offset, length)
        : Libc.Punch(Descriptor, offset, length));

    /// <summary>Makes what was written durable, and how long the file is; 0 or an error.</summary>
    public int Sync() => Retry(Libc.Sync(Descriptor));

    /// <summary>Gives a file another length; 0 or an error.</summary>
    public int Resize(long length) => Retry(Libc.Truncate(Descriptor, length));

    /// <summary>Bytes that it has now.</summary>
    public long Size()
    {
        if (isDisk)
            return Libc.DiskSize(Descriptor, out var bytes) < 0 ? 0 : bytes;
        Libc.FileStatus status;
        return Libc.Stat(Descriptor, &status) < 0 ? 0 : status.Size;
    }

    public void Dispose() => handle.Dispose();

    private static int Retry(int outcome) => outcome < 0 ? Errno.Last : 0;

    private nint Call(Span<byte> bytes, long offset, bool isWrite)
    {
        fixed (byte* start = bytes) // Pinned already; this gives the address.
        {
            var vector = new Libc.IoVector { Base = start, Length = bytes.Length };
            return isWrite
                ? Libc.WriteVectorAt(Descriptor, &vector, 1, offset)
                : Libc.ReadVectorAt(Descriptor, &vector, 1, offset);
        }
    }

    // Memory where direct access may take it, kept for the next time.
    private Span<byte> Bounce(ref byte[] bounce, long rest)
    {
        var length = (int)Math.Min(rest, BounceMax);
        if (bounce.Length < length + alignment)
            bounce = GC.AllocateUninitializedArray<byte>(length + alignment, pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(bounce, 0);
        return bounce.AsSpan((int)((alignment - (address % alignment)) % alignment), length);
    }
}
