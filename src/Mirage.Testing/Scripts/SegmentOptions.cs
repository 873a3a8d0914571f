using System.Buffers.Binary;
using Mirage.Net;

namespace Mirage.Testing;

/// <summary>The options of a segment of a script: those that are named, and those that were received.</summary>
internal sealed record SegmentOptions
{
    private const byte EndKind = 0, NopKind = 1, MssKind = 2, ScaleKind = 3, PermittedKind = 4, SackKind = 5;
    private const byte TimestampsKind = 8;
    private const int LengthMax = 40; // RFC 9293 section 3.1: a data offset of 15 words.

    public int? Mss { get; init; }

    public int? Scale { get; init; }

    public bool IsSackPermitted { get; init; }

    public bool HasTimestamps { get; init; }

    public uint? Value { get; init; }

    public uint? Echo { get; init; }

    public (int Left, int Right)[]? Blocks { get; init; }

    public byte[] Raw { get; init; } = [];

    /// <summary>Whether no option at all is expected.</summary>
    public bool IsNone { get; init; }

    /// <summary>Kinds that are expected not to be there.</summary>
    public byte[] Absent { get; init; } = [];

    /// <summary>Kinds that were received, in their order.</summary>
    public List<byte> Kinds { get; } = [];

    public TcpTimestamps? Clocks => Value is { } value && Echo is { } echo ? new(value, echo) : null;

    /// <summary>Reads what was received. Total: a length that cannot be ends it.</summary>
    public static SegmentOptions Parse(ReadOnlySpan<byte> bytes, Func<uint, int> number)
    {
        var options = new SegmentOptions();
        var kinds = new List<byte>();
        while (!bytes.IsEmpty && bytes[0] != EndKind)
        {
            if (bytes[0] == NopKind)
            {
                bytes = bytes[1..];
                continue;
            }

            if (bytes.Length < 2 || bytes[1] < 2 || bytes[1] > bytes.Length)
                break;
            kinds.Add(bytes[0]);
            options = options.With(bytes[0], bytes[2..bytes[1]], number);
            bytes = bytes[bytes[1]..];
        }

        options.Kinds.AddRange(kinds);
        return options;
    }

    /// <summary>The bytes; numbers of SACK blocks count from <paramref name="initial"/>.</summary>
    public byte[] Emit(uint initial)
    {
        var bytes = new List<byte>();
        if (Mss is { } mss)
            bytes.AddRange([MssKind, 4, (byte)(mss >> 8), (byte)mss]);
        if (IsSackPermitted)
            bytes.AddRange([PermittedKind, 2]);
        if (HasTimestamps)
        {
            bytes.AddRange([TimestampsKind, 10]);
            Add(bytes, Value ?? 0);
            Add(bytes, Echo ?? 0);
        }

        if (Scale is { } scale)
            bytes.AddRange([NopKind, ScaleKind, 3, (byte)scale]);
        if (Blocks is { } blocks)
        {
            bytes.AddRange([SackKind, (byte)(2 + (8 * blocks.Length))]);
            foreach (var (left, right) in blocks)
            {
                Add(bytes, initial + (uint)left);
                Add(bytes, initial + (uint)right);
            }
        }

        bytes.AddRange(Raw);
        while (bytes.Count % 4 != 0)
            bytes.Add(EndKind);
        if (bytes.Count > LengthMax)
            throw new ArgumentException($"{bytes.Count} bytes of options do not fit a header: it holds {LengthMax}.");
        return [.. bytes];
    }

    public IEnumerable<string> DifferencesFrom(SegmentOptions received)
    {
        if (IsNone && received.Kinds.Count > 0)
            yield return $"options: expected none, received {received}";
        foreach (var kind in Absent.Where(received.Kinds.Contains))
            yield return $"options: kind {kind} is there";
        if (Mss is not null && Mss != received.Mss)
            yield return $"mss: expected {Mss}, received {received.Mss?.ToString() ?? "none"}";
        if (Scale is not null && Scale != received.Scale)
            yield return $"window scale: expected {Scale}, received {received.Scale?.ToString() ?? "none"}";
        if (IsSackPermitted && !received.IsSackPermitted)
            yield return "options: SACK permitted is missing";
        if (HasTimestamps && !received.HasTimestamps)
            yield return "options: timestamps are missing";
        else if ((Value ?? received.Value) != received.Value || (Echo ?? received.Echo) != received.Echo)
            yield return $"timestamps: expected {Stamps(this)}, received {Stamps(received)}";
        if (Blocks is not null && !Blocks.SequenceEqual(received.Blocks ?? []))
            yield return $"SACK blocks: expected {Text(Blocks)}, received {Text(received.Blocks ?? [])}";
    }

    public override string ToString() => string.Join(',', Texts());

    private static void Add(List<byte> bytes, uint value)
    {
        Span<byte> image = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(image, value);
        bytes.AddRange(image);
    }

    private static string Stamps(SegmentOptions options) =>
        $"TS val {options.Value?.ToString() ?? "*"} ecr {options.Echo?.ToString() ?? "*"}";

    private static string Text((int Left, int Right)[] blocks) =>
        blocks.Length == 0 ? "none" : string.Join(' ', blocks.Select(block => $"{block.Left}:{block.Right}"));

    private IEnumerable<string> Texts()
    {
        if (IsNone)
            yield return "none";
        if (Mss is not null)
            yield return $"mss {Mss}";
        if (IsSackPermitted)
            yield return "sackOK";
        if (HasTimestamps)
            yield return Stamps(this);
        if (Scale is not null)
            yield return $"wscale {Scale}";
        if (Blocks is not null)
            yield return $"sack {Text(Blocks)}";
        if (Raw.Length > 0)
            yield return $"0x{Convert.ToHexStringLower(Raw)}";
        foreach (var kind in Kinds.Where(kind => kind is not (2 or 3 or 4 or 5 or 8)))
            yield return $"kind {kind}";
    }

    private SegmentOptions With(byte kind, ReadOnlySpan<byte> body, Func<uint, int> number)
    {
        switch (kind, body.Length)
        {
            case (MssKind, 2):
                return this with { Mss = BinaryPrimitives.ReadUInt16BigEndian(body) };
            case (ScaleKind, 1):
                return this with { Scale = body[0] };
            case (PermittedKind, 0):
                return this with { IsSackPermitted = true };
            case (TimestampsKind, 8):
                var (value, echo) =
                    (BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
                return this with { HasTimestamps = true, Value = value, Echo = echo };
            case (SackKind, _) when body.Length % 8 == 0:
                var blocks = new (int Left, int Right)[body.Length / 8];
                for (var index = 0; index < blocks.Length; index++)
                {
                    blocks[index] = (number(BinaryPrimitives.ReadUInt32BigEndian(body[(8 * index)..])),
                        number(BinaryPrimitives.ReadUInt32BigEndian(body[((8 * index) + 4)..])));
                }

                return this with { Blocks = blocks };
            default:
                return this;
        }
    }
}
