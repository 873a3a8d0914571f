using System.Text;

namespace Mirage.Net;

/// <summary>The Range field, RFC 9110 section 14.</summary>
internal static class ByteRanges
{
    /// <summary>Ranges of one request; more are ignored as an attack, RFC 9110 section 17.15.</summary>
    public const int Max = 16;

    /// <summary>What a Range field asks for.</summary>
    public enum Outcome
    {
        /// <summary>Nothing that is understood: the whole representation answers.</summary>
        Ignored,

        /// <summary>At least one part that exists.</summary>
        Partial,

        /// <summary>Only parts that do not exist: 416 answers.</summary>
        Unsatisfiable,
    }

    /// <summary>Reads <paramref name="value"/>. Total: what cannot be read is ignored.</summary>
    /// <param name="value">The field's value.</param>
    /// <param name="size">Bytes of the representation.</param>
    /// <param name="ranges">Takes up to <see cref="Max"/> parts in the client's order.</param>
    /// <param name="count">Parts that exist.</param>
    public static Outcome Parse(ReadOnlySpan<byte> value, long size, Span<ByteRange> ranges, out int count)
    {
        count = 0;
        var equals = value.IndexOf((byte)'=');
        if (equals < 0 || !Ascii.EqualsIgnoreCase(HttpChars.Trim(value[..equals]), "bytes"u8))
            return Outcome.Ignored;

        var list = value[(equals + 1)..];
        var (specs, total, isTooMuch) = (0, 0L, false);
        while (HttpChars.TryNextElement(ref list, out var spec))
        {
            if (++specs > Max || !TryParse(spec, size, out var range))
                return Outcome.Ignored;
            if (range.Length == 0)
                continue;
            isTooMuch |= range.Length > size - total; // The sum might be beyond 63 bits.
            total += isTooMuch ? 0 : range.Length;
            ranges[count++] = range;
        }

        // Parts that overlap so far that they exceed the whole are ignored, RFC 9110 section 14.2.
        if (specs == 0 || (specs > 1 && isTooMuch))
            return Outcome.Ignored;
        return count > 0 ? Outcome.Partial : Outcome.Unsatisfiable;
    }

    // An empty range stands for one that cannot be satisfied.
    private static bool TryParse(ReadOnlySpan<byte> spec, long size, out ByteRange range)
    {
        range = default;
        var dash = spec.IndexOf((byte)'-');
        if (dash < 0 || !TryParse(spec[(dash + 1)..], out var last) || !TryParse(spec[..dash], out var first))
            return false;

        if (first < 0)
        {
            // RFC 9110 section 14.1.2: the last so many bytes; all of them when there are fewer. Of nothing that is
            // nothing, which Content-Range cannot say: the field is ignored.
            if (last < 0 || (last > 0 && size == 0))
                return false;
            var length = Math.Min(last, size);
            range = new(size - length, length);
            return true;
        }

        if (last >= 0 && last < first)
            return false;
        if (first < size)
            range = new(first, (last < 0 || last >= size ? size - 1 : last) - first + 1);
        return true;
    }

    // -1 stands for no digits; a number beyond 63 bits is beyond every representation.
    private static bool TryParse(ReadOnlySpan<byte> digits, out long number)
    {
        number = digits.IsEmpty ? -1 : 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            number = number > (long.MaxValue - 9) / 10 ? long.MaxValue : (number * 10) + (digit - '0');
        }

        return true;
    }
}
