using System.Buffers;
using System.Runtime.CompilerServices;

namespace Mirage.Unix;

/// <summary>Writes a header and a gather list of payload by one system call, without copying or allocating.</summary>
internal sealed unsafe class GatherWriter
{
    // The longest frame lies in nine blocks of a send queue, unless its writer dribbles.
    private const int VectorsMax = 32;
    // What is copied for less than a second vector costs the kernel.
    private const int ShortMax = 1024;
    private readonly byte[] _short = GC.AllocateUninitializedArray<byte>(ShortMax, pinned: true);
    private byte[]? _rest;

    /// <summary>Gives what writev(2) gives; <see cref="Errno.Last"/> has the error.</summary>
    [SkipLocalsInit]
    public nint Write(int descriptor, ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload)
    {
        var first = payload.FirstSpan;
        if (payload.IsSingleSegment && header.Length + first.Length <= ShortMax)
        {
            header.CopyTo(_short);
            first.CopyTo(_short.AsSpan(header.Length));
            fixed (byte* start = _short)
                return Libc.Write(descriptor, start, header.Length + first.Length);
        }

        var vectors = stackalloc Libc.IoVector[VectorsMax];
        fixed (byte* start = header)
        {
            vectors[0] = new Libc.IoVector { Base = start, Length = header.Length };
            return Gather(descriptor, vectors, 1, isStream: false, payload, payload.Start);
        }
    }

    /// <summary>Writes the beginning of a stream's bytes, of which there are some; gives how many were taken, as
    /// writev(2) does.</summary>
    public nint Write(int descriptor, in ReadOnlySequence<byte> bytes)
    {
        if (!bytes.IsSingleSegment)
        {
            var vectors = stackalloc Libc.IoVector[VectorsMax];
            return Gather(descriptor, vectors, 0, isStream: true, bytes, bytes.Start);
        }

        fixed (byte* start = bytes.FirstSpan)
            return Libc.Write(descriptor, start, bytes.FirstSpan.Length);
    }

    // Every call pins one piece of the payload for the calls that it makes.
    private nint Gather(
        int descriptor, Libc.IoVector* vectors, int count, bool isStream,
        in ReadOnlySequence<byte> payload, SequencePosition at)
    {
        if (count == VectorsMax - 1)
        {
            return isStream
                ? Libc.WriteVector(descriptor, vectors, count) // The rest has its turn.
                : WriteCopied(descriptor, vectors, count, payload.Slice(at));
        }

        ReadOnlyMemory<byte> piece;
        do
        {
            if (!payload.TryGet(ref at, out piece))
                return Libc.WriteVector(descriptor, vectors, count);
        }
        while (piece.IsEmpty);

        fixed (byte* start = piece.Span)
        {
            vectors[count] = new Libc.IoVector { Base = start, Length = piece.Length };
            return Gather(descriptor, vectors, count + 1, isStream, payload, at);
        }
    }

    private nint WriteCopied(int descriptor, Libc.IoVector* vectors, int count, in ReadOnlySequence<byte> rest)
    {
        var length = (int)rest.Length;
        if (_rest is null || _rest.Length < length)
            _rest = GC.AllocateUninitializedArray<byte>(Math.Max(length, ushort.MaxValue));
        rest.CopyTo(_rest);
        fixed (byte* start = _rest)
        {
            vectors[count] = new Libc.IoVector { Base = start, Length = length };
            return Libc.WriteVector(descriptor, vectors, count + 1);
        }
    }
}
