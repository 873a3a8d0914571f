using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>The options of a segment, <see href="https://www.rfc-editor.org/rfc/rfc9293#section-3.2">RFC 9293 section
/// 3.2</see>.</summary>
/// <remarks><code>
///  | 2 | 4  | mss (2) |                      maximum segment size, RFC 9293 section 3.7.1
///  | 1 | 3  | 3 | shift |                    window scale after a NOP, RFC 7323 section 2.2
///  | 1 | 1  | 4 | 2 |                        SACK permitted after two NOPs, RFC 2018 section 2
///  | 1 | 1  | 8 | 10 | value (4) | echo (4)  timestamps after two NOPs, RFC 7323 section 3.2
///  | 172, 174 | 2 + 3n | …                 counters of accurate ECN, TcpAccurateEcnOption
///  | 1 | 1  | 5 | 2 + 8n | start (4) | end (4) | …   n SACK blocks after two NOPs, RFC 2018 section 3
/// </code>
/// Each option is emitted aligned to four bytes, in this order. Reading accepts any order and padding. It drops kinds
/// that it does not know and known kinds of the wrong length, and ends at a length which contradicts itself or the
/// header: MUST-7. Of the SACK blocks those are kept and emitted that the other options leave room for.</remarks>
public readonly record struct TcpOptions
{
    private const byte EndKind = 0, NopKind = 1, MssKind = 2, ScaleKind = 3, SackPermittedKind = 4, SackKind = 5,
        TimestampsKind = 8;
    private const byte MssLength = 4, ScaleLength = 3, SackPermittedLength = 2, TimestampsLength = 10;
    private const int TimestampsSize = 12;
    private const uint TimestampsPrefix = (NopKind << 24) | (NopKind << 16) | (TimestampsKind << 8) | TimestampsLength;
    private const int SizeMax = TcpHeader.SizeMax - TcpHeader.FixedSize, SackFixed = 4, SackBlockSize = 8;

    /// <summary>The most payload the sender takes in a segment; null when it does not say.</summary>
    public ushort? MaximumSegmentSize { get; init; }

    /// <summary>The shift of the sender's windows as it was received: a reader treats more than 14 as 14, RFC 7323
    /// section 2.3.</summary>
    public byte? WindowScale { get; init; }

    /// <summary>Whether the sender takes selective acknowledgments.</summary>
    public bool SackPermitted { get; init; }

    /// <summary>The sender's clock and its echo of ours; null when the option is absent.</summary>
    public TcpTimestamps? Timestamps { get; init; }

    /// <summary>What the sender has received by the ECN field; null when the option is absent.</summary>
    public TcpAccurateEcnOption? AccurateEcn { get; init; }

    /// <summary>What the sender has received beyond a hole.</summary>
    public TcpSackBlocks Sack { get; init; }

    /// <summary>Bytes of the image: a multiple of four, at most 40.</summary>
    public int Size => OthersSize + (SackCount == 0 ? 0 : SackFixed + (SackCount * SackBlockSize));

    private int OthersSize => (MaximumSegmentSize is null ? 0 : 4) + (WindowScale is null ? 0 : 4)
        + (SackPermitted ? 4 : 0) + (Timestamps is null ? 0 : TimestampsSize) + (AccurateEcn?.Size ?? 0);

    // Of the others a segment without SYN has at most 24 bytes: there is always room for one.
    private int SackCount =>
        Sack.Count == 0 ? 0 : Math.Min(Sack.Count, (SizeMax - OthersSize - SackFixed) / SackBlockSize);

    /// <summary>Reads what <paramref name="source"/> holds between the fixed header and the payload. Total: anything
    /// can be read.</summary>
    public static TcpOptions Parse(ReadOnlySpan<byte> source)
    {
        // RFC 7323 appendix A: what nearly every segment of a connection with timestamps has, and nothing else.
        if (source.Length == TimestampsSize && BinaryPrimitives.ReadUInt32BigEndian(source) == TimestampsPrefix)
            return new() { Timestamps = ParseTimestamps(source[4..]) };
        TcpOptions options = default;
        while (!source.IsEmpty && source[0] != EndKind)
        {
            if (source[0] == NopKind)
            {
                source = source[1..];
                continue;
            }

            if (source.Length < 2 || source[1] < 2 || source[1] > source.Length)
                break; // Where the next option begins is unknown: what was read so far stands.
            options = options.With(source[0], source[2..source[1]]);
            source = source[source[1]..];
        }

        return options.Sack.Count == 0 ? options : options with { Sack = options.Sack.Take(options.SackCount) };
    }

    /// <summary>Writes <see cref="Size"/> bytes at the start of <paramref name="destination"/>.</summary>
    public void Emit(Span<byte> destination)
    {
        destination = destination[..Size];
        if (MaximumSegmentSize is { } mss)
        {
            (destination[0], destination[1]) = (MssKind, MssLength);
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], mss);
            destination = destination[4..];
        }

        if (WindowScale is { } shift)
        {
            (destination[0], destination[1]) = (NopKind, ScaleKind);
            (destination[2], destination[3]) = (ScaleLength, shift);
            destination = destination[4..];
        }

        if (SackPermitted)
        {
            (destination[0], destination[1]) = (NopKind, NopKind);
            (destination[2], destination[3]) = (SackPermittedKind, SackPermittedLength);
            destination = destination[4..];
        }

        if (Timestamps is { } timestamps)
        {
            (destination[0], destination[1]) = (NopKind, NopKind);
            (destination[2], destination[3]) = (TimestampsKind, TimestampsLength);
            BinaryPrimitives.WriteUInt32BigEndian(destination[4..], timestamps.Value);
            BinaryPrimitives.WriteUInt32BigEndian(destination[8..], timestamps.Echo);
            destination = destination[TimestampsSize..];
        }

        if (AccurateEcn is { } counters)
        {
            counters.Emit(destination);
            destination = destination[counters.Size..];
        }

        if (SackCount > 0)
            EmitSack(destination);
    }

    private void EmitSack(Span<byte> destination)
    {
        (destination[0], destination[1]) = (NopKind, NopKind);
        (destination[2], destination[3]) = (SackKind, (byte)(2 + (SackCount * SackBlockSize)));
        for (var index = 0; index < SackCount; index++)
        {
            var block = destination[(SackFixed + (index * SackBlockSize))..];
            BinaryPrimitives.WriteUInt32BigEndian(block, Sack[index].Start);
            BinaryPrimitives.WriteUInt32BigEndian(block[4..], Sack[index].End);
        }
    }

    private static TcpTimestamps ParseTimestamps(ReadOnlySpan<byte> body) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]));

    private static TcpSackBlocks ParseSack(ReadOnlySpan<byte> body)
    {
        Span<TcpSackBlock> blocks = stackalloc TcpSackBlock[TcpSackBlocks.CountMax];
        var count = Math.Min(body.Length / SackBlockSize, blocks.Length);
        for (var index = 0; index < count; index++)
        {
            var block = body[(index * SackBlockSize)..];
            blocks[index] = new(
                BinaryPrimitives.ReadUInt32BigEndian(block), BinaryPrimitives.ReadUInt32BigEndian(block[4..]));
        }

        return new(blocks[..count]);
    }

    // Of an option that is repeated the last one counts.
    private TcpOptions With(byte kind, ReadOnlySpan<byte> body) => (kind, body.Length + 2) switch
    {
        (MssKind, MssLength) => this with { MaximumSegmentSize = BinaryPrimitives.ReadUInt16BigEndian(body) },
        (ScaleKind, ScaleLength) => this with { WindowScale = body[0] },
        (SackPermittedKind, SackPermittedLength) => this with { SackPermitted = true },
        (TimestampsKind, TimestampsLength) => this with { Timestamps = ParseTimestamps(body) },
        (SackKind, var length) when length > 2 && (length - 2) % SackBlockSize == 0 =>
            this with { Sack = ParseSack(body) },
        _ when TcpAccurateEcnOption.TryParse(kind, body, out var counters) => this with { AccurateEcn = counters },
        _ => this,
    };
}
