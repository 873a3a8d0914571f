namespace Mirage.Net;

/// <summary>Lists of entity tags, RFC 9110 sections 8.8.3 and 13.1.</summary>
internal static class EntityTags
{
    /// <summary>Whether <paramref name="list"/> names <paramref name="tag"/>, a strong tag with its quotes. Reading
    /// stops at what is no tag.</summary>
    /// <param name="list">The field's value.</param>
    /// <param name="tag">The tag of the representation.</param>
    /// <param name="strong">Whether a weak tag in the list matches nothing, RFC 9110 section 8.8.3.2.</param>
    public static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> tag, bool strong)
    {
        while (true)
        {
            list = list.TrimStart(", \t"u8);
            var isWeak = list.StartsWith("W/"u8);
            if (isWeak)
                list = list[2..];
            if (list.IsEmpty || list[0] != '"')
                return false;

            // A tag may hold a comma, so that the list is not split at commas.
            var end = list[1..].IndexOf((byte)'"');
            if (end < 0)
                return false;
            if (!(isWeak && strong) && list[..(end + 2)].SequenceEqual(tag))
                return true;
            list = list[(end + 2)..];
        }
    }
}
