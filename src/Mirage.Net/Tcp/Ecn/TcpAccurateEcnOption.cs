using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The option of accurate ECN, <see href="https://www.rfc-editor.org/rfc/rfc9768#section-3.2.3">RFC 9768
/// section 3.2.3</see>: how many bytes of payload the sender has received by the ECN field of their packets.</summary>
/// <remarks><code>
///  | 172 | 2 + 3n | ECT(0) (3) | CE (3) | ECT(1) (3) |
///  | 174 | 2 + 3n | ECT(1) (3) | CE (3) | ECT(0) (3) |
/// </code>
/// The last fields may be absent; they have not changed then. Counters wrap at 24 bits. NOPs before the option align it
/// to four bytes.</remarks>
/// <param name="Ect0">Bytes in packets of ECT(0), and one; 0 when it is absent.</param>
/// <param name="Congestion">Bytes in packets that were marked; 0 when it is absent.</param>
/// <param name="Ect1">Bytes in packets of ECT(1), and one; 0 when it is absent.</param>
public readonly record struct TcpAccurateEcnOption(uint Ect0, uint Congestion, uint Ect1)
{
    /// <summary>Fields of a whole option.</summary>
    public const int FieldsMax = 3;

    internal const uint Mask = 0xFF_FFFF;
    internal const byte Kind0 = 172, Kind1 = 174;
    private const byte NopKind = 1;
    private const int HeaderLength = 2, FieldLength = 3;

    /// <summary>How many fields it has: 0 to 3.</summary>
    public int Fields { get; init; }

    /// <summary>Whether the first one is of ECT(1): kind 174.</summary>
    public bool IsEct1First { get; init; }

    /// <summary>What an end says that has received nothing: section 3.2.1.</summary>
    internal static TcpAccurateEcnOption Initial => new(1, 0, 1) { Fields = FieldsMax };

    /// <summary>Bytes of the image, a multiple of four.</summary>
    internal int Size => (Length + 3) & ~3;

    /// <summary>The first field, which begins at 1; null without one.</summary>
    internal uint? First => Fields == 0 ? null : IsEct1First ? Ect1 : Ect0;

    private int Length => HeaderLength + (FieldLength * Fields);

    /// <summary>Reads an option without its kind and length; false when it is none of these. Of another length the
    /// whole fields that fit count, section 3.2.3.</summary>
    internal static bool TryParse(byte kind, ReadOnlySpan<byte> body, out TcpAccurateEcnOption option)
    {
        option = default;
        if (kind is not (Kind0 or Kind1))
            return false;
        var fields = Math.Min(FieldsMax, body.Length / FieldLength);
        var (first, second, third) = (Read(body, 0), Read(body, 1), Read(body, 2));
        option = kind == Kind0 ? new(first, second, third) : new(third, second, first);
        option = option with { Fields = fields, IsEct1First = kind == Kind1 };
        return true;
    }

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    internal void Emit(Span<byte> destination)
    {
        Debug.Assert(Fields is >= 0 and <= FieldsMax, "An option has three fields at most.");
        var padding = Size - Length;
        destination[..padding].Fill(NopKind);
        destination = destination.Slice(padding, Length);
        (destination[0], destination[1]) = (IsEct1First ? Kind1 : Kind0, (byte)Length);
        ReadOnlySpan<uint> values = IsEct1First ? [Ect1, Congestion, Ect0] : [Ect0, Congestion, Ect1];
        for (var index = 0; index < Fields; index++)
            Write(destination[(HeaderLength + (index * FieldLength))..], values[index]);
    }

    private static uint Read(ReadOnlySpan<byte> body, int index)
    {
        if (body.Length < (index + 1) * FieldLength)
            return 0;
        body = body[(index * FieldLength)..];
        return ((uint)body[0] << 16) | ((uint)body[1] << 8) | body[2];
    }

    private static void Write(Span<byte> destination, uint value) =>
        (destination[0], destination[1], destination[2]) = ((byte)(value >> 16), (byte)(value >> 8), (byte)value);
}
