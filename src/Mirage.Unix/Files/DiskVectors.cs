using System.Buffers;
using System.Runtime.InteropServices;

namespace Mirage.Unix;

/// <summary>The buffers of a transfer as the kernel takes them, pinned until <see cref="Release"/>, and how far the
/// transfer has come.</summary>
internal sealed unsafe class DiskVectors
{
    private const int CountAtFirst = 8;

    private MemoryHandle[] _pins = new MemoryHandle[CountAtFirst];
    private Libc.IoVector[] _vectors = GC.AllocateArray<Libc.IoVector>(CountAtFirst, pinned: true);
    private int _first;
    private int _count;

    /// <summary>Bytes that are left to be transferred.</summary>
    public long Rest { get; private set; }

    /// <summary>The vectors that are left, as many as one call takes.</summary>
    public int Count => Math.Min(_count - _first, Libc.VectorsMax);

    /// <summary>The first vector that is left.</summary>
    public Libc.IoVector* First => (Libc.IoVector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, _first);

    /// <summary>Adds a buffer.</summary>
    public void Add(ReadOnlyMemory<byte> buffer)
    {
        if (buffer.IsEmpty)
            return;
        if (_count == _pins.Length)
        {
            Array.Resize(ref _pins, 2 * _count);
            var larger = GC.AllocateArray<Libc.IoVector>(2 * _count, pinned: true);
            _vectors.CopyTo(larger, 0);
            _vectors = larger;
        }

        _pins[_count] = buffer.Pin();
        _vectors[_count] = new() { Base = (byte*)_pins[_count].Pointer, Length = buffer.Length };
        _count++;
        Rest += buffer.Length;
    }

    /// <summary>Whether every buffer begins and ends where direct access may.</summary>
    public bool AreAligned(int alignment)
    {
        foreach (ref readonly var vector in _vectors.AsSpan(_first, _count - _first))
        {
            if (((nint)vector.Base | vector.Length) % alignment != 0)
                return false;
        }

        return true;
    }

    /// <summary>So many bytes were transferred.</summary>
    public void Advance(long bytes)
    {
        Rest -= bytes;
        while (bytes > 0)
        {
            ref var vector = ref _vectors[_first];
            var step = Math.Min(bytes, vector.Length);
            vector.Base += step;
            vector.Length -= (nint)step;
            bytes -= step;
            if (vector.Length == 0)
                _first++;
        }
    }

    /// <summary>Copies the next bytes of the buffers to <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        for (var index = _first; !destination.IsEmpty; index++)
        {
            var piece = Piece(index, destination.Length);
            piece.CopyTo(destination);
            destination = destination[piece.Length..];
        }
    }

    /// <summary>Copies <paramref name="source"/> to the next bytes of the buffers.</summary>
    public void CopyFrom(ReadOnlySpan<byte> source)
    {
        for (var index = _first; !source.IsEmpty; index++)
        {
            var piece = Piece(index, source.Length);
            source[..piece.Length].CopyTo(piece);
            source = source[piece.Length..];
        }
    }

    /// <summary>The buffers are their owner's again.</summary>
    public void Release()
    {
        foreach (ref var pin in _pins.AsSpan(0, _count))
            pin.Dispose();
        (_first, _count, Rest) = (0, 0, 0);
    }

    private Span<byte> Piece(int index, int most) =>
        new(_vectors[index].Base, (int)Math.Min(_vectors[index].Length, most));
}
