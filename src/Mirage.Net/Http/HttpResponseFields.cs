using System.Text;

namespace Mirage.Net;

/// <summary>Field lines of a response, collected in memory of their own and used again for each response.</summary>
internal sealed class HttpResponseFields(int bytesMax)
{
    private byte[] _bytes = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Lines => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Appends <c>name: value CRLF</c>.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // A value with a line end would let whoever chose it write the rest of the response.
        if (!HttpChars.IsToken(name) || !HttpChars.IsFieldValue(value))
        {
            throw new ArgumentException($"'{Encoding.Latin1.GetString(name)}' cannot be sent: "
                + "a name is a token, and a value has no control character.");
        }

        if (IsOwn(name))
            throw new ArgumentException(
                $"'{Encoding.Latin1.GetString(name)}' is written by the server itself.", nameof(name));

        var length = name.Length + value.Length + 4;
        if (length > bytesMax - _length)
            throw new InvalidOperationException($"The fields of the response are longer than {bytesMax} bytes.");
        if (length > _bytes.Length - _length)
            Array.Resize(ref _bytes, Math.Min(bytesMax, Math.Max(2 * _bytes.Length, _length + length)));

        var line = _bytes.AsSpan(_length, length);
        name.CopyTo(line);
        ": "u8.CopyTo(line[name.Length..]);
        value.CopyTo(line[(name.Length + 2)..]);
        "\r\n"u8.CopyTo(line[^2..]);
        _length += length;
    }

    // Framing and the connection are the server's business, in the header and more so in a trailer: RFC 9110 section
    // 6.5.1.
    private static bool IsOwn(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => Ascii.EqualsIgnoreCase(name, "date"u8),
        7 => Ascii.EqualsIgnoreCase(name, "trailer"u8),
        10 => Ascii.EqualsIgnoreCase(name, "connection"u8),
        14 => Ascii.EqualsIgnoreCase(name, "content-length"u8),
        17 => Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8),
        _ => false,
    };
}
