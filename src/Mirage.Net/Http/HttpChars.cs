using System.Buffers;

namespace Mirage.Net;

/// <summary>The character classes of RFC 9110 section 5.6 and RFC 9112.</summary>
internal static class HttpChars
{
    private static readonly SearchValues<byte> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // RFC 9110 section 5.5: a field value has VCHAR, obs-text, SP and HTAB. CR, LF and NUL are dangerous, the other
    // controls invalid.
    private static readonly SearchValues<byte> s_controls = SearchValues.Create([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 127]);

    // RFC 3986 section 3.2.2: unreserved, sub-delims and what IP literals and ports add. No userinfo: RFC 9110 section
    // 4.2.4.
    private static readonly SearchValues<byte> s_authority =
        SearchValues.Create("-._~!$&'()*+,;=:[]%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Whether <paramref name="text"/> is a token, which is never empty.</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(s_token);

    public static bool IsTokenChar(byte value) => s_token.Contains(value);

    public static bool IsFieldValue(ReadOnlySpan<byte> text) => !text.ContainsAny(s_controls);

    /// <summary>Visible ASCII without a fragment, RFC 9112 section 3.2.</summary>
    public static bool IsTarget(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E) && !text.Contains((byte)'#');

    public static bool IsAuthority(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(s_authority);

    /// <summary>Takes optional white space off both ends, RFC 9110 section 5.6.3.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    /// <summary>Takes the next element off a comma-separated list, RFC 9110 section 5.6.1. Empty elements are
    /// skipped.</summary>
    public static bool TryNextElement(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> element)
    {
        while (!list.IsEmpty)
        {
            var comma = list.IndexOf((byte)',');
            element = Trim(comma < 0 ? list : list[..comma]);
            list = comma < 0 ? default : list[(comma + 1)..];
            if (!element.IsEmpty)
                return true;
        }

        element = default;
        return false;
    }
}
