using System.Globalization;
using System.Text;

namespace Mirage.Storage;

/// <summary>What a pax extended header says of entries (POSIX.1-2017 pax, "pax Extended Header").</summary>
/// <remarks>
/// <code>
/// +--------+-------+---------+-----+-------+---------+
/// | LENGTH | space | keyword |  =  | value | newline |   again and again
/// +--------+-------+---------+-----+-------+---------+
/// </code>
/// The length is in decimal digits and counts the whole record, itself too. A later record of a keyword takes the place
/// of an earlier one; one without a value takes it back. Only what a store needs is kept.
/// </remarks>
/// <param name="Path">The path; null where none is said.</param>
/// <param name="LinkPath">What a link leads to; null where none is said.</param>
/// <param name="Size">Bytes of the contents; null where none is said.</param>
/// <param name="Modified">Seconds since 1970, rounded down; null where none is said.</param>
/// <param name="IsSparse">Whether the contents are stored in pieces, in GNU's way.</param>
internal readonly record struct PaxRecords(string? Path, string? LinkPath, long? Size, long? Modified, bool IsSparse)
{
    /// <summary>The most bytes of records for an entry.</summary>
    public const int SizeMax = 1 << 20;

    /// <summary>Reads records, and says what is wrong with them; null for nothing.</summary>
    /// <param name="source">The records.</param>
    /// <param name="before">What holds where they say nothing.</param>
    /// <param name="records">What holds then.</param>
    public static string? Parse(ReadOnlySpan<byte> source, PaxRecords before, out PaxRecords records)
    {
        records = before;
        while (!source.IsEmpty)
        {
            // The longest number that can be right has as many digits as the limit.
            var digits = source[..Math.Min(source.Length, 8)].IndexOf((byte)' ');
            if (digits < 1 || !int.TryParse(source[..digits], NumberStyles.None, CultureInfo.InvariantCulture,
                out var length) || length > source.Length || length < digits + 3 || source[length - 1] != '\n')
                return "a pax record whose length is wrong";
            var record = source[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals < 1)
                return "a pax record without a keyword";
            if (!TryTake(record[..equals], record[(equals + 1)..], ref records))
                return "a pax record whose value is none";
            source = source[length..];
        }

        return null;
    }

    /// <summary>The record of a path.</summary>
    public static byte[] EmitPath(string path)
    {
        var value = Encoding.UTF8.GetBytes(path);
        var bare = " path="u8.Length + value.Length + 1;
        var length = bare + 1;
        while (bare + $"{length}".Length != length)
            length++;
        return [.. Encoding.ASCII.GetBytes($"{length} path="), .. value, (byte)'\n'];
    }

    private static bool TryTake(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> value, ref PaxRecords records)
    {
        // A path that is no text stands for an entry that nobody can name.
        if (keyword.SequenceEqual("path"u8))
            records = records with { Path = value.IsEmpty ? null : TarHeader.Utf8(value) ?? "\0" };
        else if (keyword.SequenceEqual("linkpath"u8))
            records = records with { LinkPath = value.IsEmpty ? null : TarHeader.Utf8(value) ?? "\0" };
        else if (keyword.StartsWith("GNU.sparse."u8))
            records = records with { IsSparse = true };
        else if (keyword.SequenceEqual("size"u8))
        {
            records = records with { Size = null };
            if (value.IsEmpty)
                return true;
            if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                return false;
            records = records with { Size = size };
        }
        else if (keyword.SequenceEqual("mtime"u8))
            records = records with { Modified = Seconds(value) };
        return true;
    }

    // A decimal fraction; what is behind the point is dropped, downwards.
    private static long? Seconds(ReadOnlySpan<byte> value)
    {
        var point = value.IndexOf((byte)'.');
        var whole = point < 0 ? value : value[..point];
        if (!long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return null;
        var isBelow = value[0] == '-' && point >= 0 && value[point..].ContainsAnyInRange((byte)'1', (byte)'9');
        return isBelow && seconds > long.MinValue ? seconds - 1 : seconds;
    }
}
