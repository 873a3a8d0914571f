using System.Text;

namespace Mirage.Storage;

/// <summary>The header of an entry of a tar archive (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual,
/// "Basic Tar Format").</summary>
/// <remarks>
/// <code>
///  0          100    108   116   124    136     148        156    157         257     263
/// +----------+------+-----+-----+------+-------+----------+------+-----------+-------+---------+
/// | name     | mode | uid | gid | size | mtime | checksum | type | link name | magic | version |
/// +----------+------+-----+-----+------+-------+----------+------+-----------+-------+---------+
///  265          297          329            337            345            500      512
/// +------------+------------+--------------+--------------+--------------+--------+
/// | user name  | group name | device major | device minor | prefix       | zeros  |
/// +------------+------------+--------------+--------------+--------------+--------+
/// </code>
/// Texts end with a NUL or fill their field. The checksum is the sum of all bytes, its own counted as spaces. Only
/// ustar has a prefix: GNU keeps other things there. Owners, their names and devices are not kept.
/// </remarks>
/// <param name="Name">The path; null when it is no UTF-8.</param>
/// <param name="Type">What the entry is, <c>0</c> for a file.</param>
/// <param name="Size">Bytes behind the header.</param>
/// <param name="Modified">Seconds since 1970.</param>
/// <param name="LinkName">What a link leads to; null when it is no UTF-8.</param>
internal readonly record struct TarHeader(string? Name, TarType Type, long Size, long Modified, string? LinkName)
{
    /// <summary>Bytes of a header, and of the blocks that contents are filled up to.</summary>
    public const int BlockSize = 512;

    private const int NameMax = 100, PrefixMax = 155, SumAt = 148, SumSize = 8, MagicAt = 257, PrefixAt = 345;
    private const int Permissions = 0x1A4; // 644 in octal: all may read, the owner may write.

    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Whether a block is one of those that end an archive.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);

    /// <summary>Reads a header, and says what is wrong with it; null for nothing.</summary>
    public static string? Parse(ReadOnlySpan<byte> block, out TarHeader header)
    {
        header = default;
        if (block.Length < BlockSize)
            return "the archive ends in a header";
        block = block[..BlockSize];
        if (!TarNumber.TryParse(block.Slice(SumAt, SumSize), out var sum) || !Sums(block, sum))
            return "no header, or one whose checksum is wrong";
        if (!TarNumber.TryParse(block[124..136], out var size) || size < 0)
            return "a size that is none";
        // A time that nobody can read is the beginning of time, as in archives that keep none.
        var modified = TarNumber.TryParse(block[136..148], out var seconds) ? seconds : 0;
        var name = Text(block[..NameMax]);
        if (block[MagicAt..].StartsWith("ustar\0"u8) && block[PrefixAt] != 0)
            name = Text(block.Slice(PrefixAt, PrefixMax)) is { } prefix && name is not null
                ? $"{prefix}/{name}"
                : null;
        header = new(name, (TarType)block[156], size, modified, Text(block[157..MagicAt]));
        return null;
    }

    /// <summary>Whether a path fits into a header as it is: ASCII alone is read by everybody.</summary>
    public static bool CanHold(string path) => Ascii.IsValid(path) && PrefixLength(path) is not null;

    /// <summary>Writes a ustar header. A name that does not fit is cut: the path is in a pax header then.</summary>
    public void Emit(Span<byte> block)
    {
        block = block[..BlockSize];
        block.Clear();
        EmitName(Name ?? "", block);
        TarNumber.Emit(Permissions, block[100..108]);
        TarNumber.Emit(0, block[108..116]);
        TarNumber.Emit(0, block[116..124]);
        TarNumber.Emit(Size, block[124..136]);
        TarNumber.Emit(Modified, block[136..148]);
        block[156] = (byte)Type;
        Encoding.UTF8.TryGetBytes(LinkName ?? "", block[157..MagicAt], out _);
        "ustar\000"u8.CopyTo(block[MagicAt..]);
        block.Slice(SumAt, SumSize).Fill((byte)' ');
        // Six digits, a NUL and a space, as everybody writes it.
        var sum = 0;
        foreach (var value in block)
            sum += value;
        TarNumber.Emit(sum, block.Slice(SumAt, SumSize - 1));
    }

    private static void EmitName(string path, Span<byte> block)
    {
        if (PrefixLength(path) is { } prefix && Encoding.UTF8.GetByteCount(path) is var all && all == path.Length)
        {
            Encoding.UTF8.GetBytes(path.AsSpan(0, prefix), block[PrefixAt..]);
            Encoding.UTF8.GetBytes(path.AsSpan(prefix == 0 ? 0 : prefix + 1), block);
            return;
        }

        for (var index = 0; index < Math.Min(path.Length, NameMax - 1); index++)
            block[index] = path[index] is > ' ' and <= '~' ? (byte)path[index] : (byte)'_';
    }

    // How many characters go into the prefix; null when no slash parts the path so that both parts fit.
    private static int? PrefixLength(string path)
    {
        if (path.Length <= NameMax)
            return 0;
        var at = path.LastIndexOf('/', Math.Min(PrefixMax, path.Length - 2));
        return at > 0 && path.Length - at - 1 <= NameMax ? at : null;
    }

    // Old programs summed signed bytes.
    private static bool Sums(ReadOnlySpan<byte> block, long expected)
    {
        var (unsigned, signed) = (SumSize * ' ', SumSize * ' ');
        for (var index = 0; index < block.Length; index++)
        {
            if (index is >= SumAt and < SumAt + SumSize)
                continue;
            unsigned += block[index];
            signed += (sbyte)block[index];
        }

        return expected == unsigned || expected == signed;
    }

    private static string? Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Utf8(end < 0 ? field : field[..end]);
    }

    /// <summary>The text, or null when it is none.</summary>
    internal static string? Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return s_utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
