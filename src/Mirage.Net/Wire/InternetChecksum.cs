using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mirage.Net;

/// <summary>The checksum of IP, ICMP, UDP and TCP, <see href="https://www.rfc-editor.org/rfc/rfc1071">RFC
/// 1071</see>.</summary>
/// <remarks>
/// A <em>sum</em> here is a ones'-complement sum of 16-bit words in network order, not yet folded or complemented; it
/// starts at 0 and has room for 65,536 parts. The vector loops add 32-bit halves in 64-bit lanes of the machine's own
/// byte order, which RFC 1071 section 2 (B) allows, so that no carry is lost and no byte is swapped before the end.
/// </remarks>
public static class InternetChecksum
{
    /// <summary>Adds <paramref name="bytes"/>, which begin at an even offset of what is summed; an odd last byte is
    /// padded with zero.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        var folded = Fold64(AddWords(bytes));
        return sum + (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded);
    }

    /// <summary>Adds <paramref name="bytes"/>, whose segments may have any length; they begin at an even offset of what
    /// is summed.</summary>
    public static uint Add(uint sum, in ReadOnlySequence<byte> bytes) => Add(sum, bytes, isOdd: false);

    /// <summary>The sum of the pseudo-header that UDP, TCP and ICMPv6 cover, RFC 9293 section 3.1 and RFC 8200 section
    /// 8.1.</summary>
    /// <param name="source">The sender.</param>
    /// <param name="destination">The receiver, of the same family.</param>
    /// <param name="protocol">The transport.</param>
    /// <param name="length">Bytes of transport header and payload.</param>
    public static uint PseudoHeader(IpAddress source, IpAddress destination, IpProtocol protocol, int length)
    {
        var sum = (uint)protocol + ((uint)length >> 16) + ((uint)length & 0xFFFF);
        return source.IsV4
            ? sum + Halves(source.V4) + Halves(destination.V4)
            : sum + Halves(source.High) + Halves(source.Low) + Halves(destination.High) + Halves(destination.Low);
    }

    /// <summary>The 16-bit ones'-complement sum, carries added in.</summary>
    public static ushort Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>The checksum to store: the complement of the folded sum.</summary>
    public static ushort Finish(uint sum) => (ushort)~Fold(sum);

    /// <summary>The checksum of <paramref name="bytes"/>, whose checksum field is zero.</summary>
    public static ushort Compute(ReadOnlySpan<byte> bytes) => Finish(Add(0, bytes));

    /// <summary>Whether <paramref name="bytes"/>, checksum included, are intact.</summary>
    /// <param name="bytes">Everything that the checksum covers but for a pseudo-header.</param>
    /// <param name="sum">The sum of the pseudo-header, if there is one.</param>
    public static bool IsValid(ReadOnlySpan<byte> bytes, uint sum = 0) => Fold(Add(sum, bytes)) == 0xFFFF;

    /// <summary>Does in software what the frame asks of its device; does nothing when it asks nothing.</summary>
    /// <remarks>A result of zero is stored as 0xFFFF, which is the same number to every receiver and which UDP demands,
    /// RFC 768.</remarks>
    public static void Complete(ref TransmitFrame frame)
    {
        if (!frame.NeedsChecksum)
            return;

        var covered = frame.Header[frame.ChecksumStart..];
        var sum = Add(Add(0, covered), frame.Payload, isOdd: covered.Length % 2 != 0);
        var checksum = Finish(sum);
        BinaryPrimitives.WriteUInt16BigEndian(
            covered[frame.ChecksumOffset..], checksum == 0 ? (ushort)0xFFFF : checksum);
        frame.ChecksumCompleted();
    }

    // A part that begins at an odd offset has its bytes in the other halves of the words: RFC 1071 section 2 (B) lets
    // us swap its sum.
    private static uint Add(uint sum, in ReadOnlySequence<byte> bytes, bool isOdd)
    {
        foreach (var segment in bytes)
        {
            var part = Fold(Add(0, segment.Span));
            sum += isOdd ? BinaryPrimitives.ReverseEndianness(part) : part;
            isOdd ^= segment.Length % 2 != 0;
            if (sum > 0x8000_0000) // A sequence may have more segments than a sum has room for.
                sum = Fold(sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong AddWords(ReadOnlySpan<byte> bytes)
    {
        ref var start = ref MemoryMarshal.GetReference(bytes);
        nuint offset = 0;
        var length = (nuint)bytes.Length;
        ulong sum = 0;
        if (Vector512.IsHardwareAccelerated && length >= 128)
        {
            var (low, high) = (Vector512<ulong>.Zero, Vector512<ulong>.Zero);
            var mask = Vector512.Create(0xFFFF_FFFFUL);
            for (; length - offset >= 64; offset += 64)
            {
                var lanes = Vector512.LoadUnsafe(ref start, offset).AsUInt64();
                low += lanes & mask;
                high += lanes >>> 32;
            }

            sum = Vector512.Sum(low) + Vector512.Sum(high);
        }
        else if (Vector256.IsHardwareAccelerated && length >= 64)
        {
            var (low, high) = (Vector256<ulong>.Zero, Vector256<ulong>.Zero);
            var mask = Vector256.Create(0xFFFF_FFFFUL);
            for (; length - offset >= 32; offset += 32)
            {
                var lanes = Vector256.LoadUnsafe(ref start, offset).AsUInt64();
                low += lanes & mask;
                high += lanes >>> 32;
            }

            sum = Vector256.Sum(low) + Vector256.Sum(high);
        }

        return sum + AddTail(bytes[(int)offset..]);
    }

    private static ulong AddTail(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var lane = MemoryMarshal.Read<ulong>(bytes);
            sum += (lane & 0xFFFF_FFFF) + (lane >> 32);
        }

        if (bytes.Length >= 4)
        {
            sum += MemoryMarshal.Read<uint>(bytes);
            bytes = bytes[4..];
        }

        if (bytes.Length >= 2)
        {
            sum += MemoryMarshal.Read<ushort>(bytes);
            bytes = bytes[2..];
        }

        if (bytes.Length == 1)
            sum += BitConverter.IsLittleEndian ? bytes[0] : (uint)bytes[0] << 8;
        return sum;
    }

    private static ushort Fold64(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + ((sum >> 16) & 0xFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    private static uint Halves(uint value) => (value >> 16) + (value & 0xFFFF);

    private static uint Halves(ulong value) => Halves((uint)(value >> 32)) + Halves((uint)value);
}
