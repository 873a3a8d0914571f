using System.Net;
using System.Text;
using System.Text.Unicode;

namespace Mirage.Net;

/// <summary>The key that the path of a request names.</summary>
internal static class SitePath
{
    private const int StackMax = 512;

    /// <summary>Decodes <paramref name="path"/>. Total. A path that could mean something else to another program is
    /// refused: an encoded slash, a NUL, what is no UTF-8.</summary>
    /// <param name="path">The path as sent, with its first slash.</param>
    /// <param name="key">What it names.</param>
    /// <param name="isDirectory">Whether it ends in a slash.</param>
    /// <returns>A refusal, or 0.</returns>
    public static HttpStatusCode Parse(ReadOnlySpan<byte> path, out KvKey key, out bool isDirectory)
    {
        key = default;
        isDirectory = path.EndsWith("/"u8);
        if (path.IsEmpty || path[0] != '/')
            return HttpStatusCode.BadRequest;

        var decoded = path.Length <= StackMax ? stackalloc byte[StackMax] : new byte[path.Length];
        if (!TryDecode(path, decoded, out var length) || !Utf8.IsValid(decoded[..length]))
            return HttpStatusCode.BadRequest;

        // No value is named by one or two dots.
        if (!KvKey.TryParse(Encoding.UTF8.GetString(decoded[..length]), out key))
            return HttpStatusCode.NotFound;

        // No name is empty. A key would take two slashes for one, and the redirect to '//name/' would lead to another
        // host.
        return path.IndexOf("//"u8) < 0 ? 0 : HttpStatusCode.NotFound;
    }

    // RFC 3986 section 2.1.
    private static bool TryDecode(ReadOnlySpan<byte> path, Span<byte> decoded, out int length)
    {
        length = 0;
        for (var index = 0; index < path.Length; index++)
        {
            var value = path[index];
            if (value == '%')
            {
                if (path.Length - index < 3 || !char.IsAsciiHexDigit((char)path[index + 1])
                    || !char.IsAsciiHexDigit((char)path[index + 2]))
                    return false;
                value = (byte)((ToDigit(path[index + 1]) << 4) | ToDigit(path[index + 2]));
                if (value is 0 or (byte)'/')
                    return false;
                index += 2;
            }

            decoded[length++] = value;
        }

        return true;
    }

    private static int ToDigit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
