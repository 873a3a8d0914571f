using System.Buffers;
using System.Net;
using System.Text;

namespace Mirage.Net;

/// <summary>Lines of a head or a trailer section in memory of their own, with the fields found in them. Used again for
/// each request.</summary>
internal sealed class HttpFields
{
    private const int InitialBytes = 512, InitialFields = 16;
    private byte[] _bytes = new byte[InitialBytes];
    private Field[] _fields = new Field[InitialFields];

    /// <summary>Fields found.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held.</summary>
    public int Length { get; private set; }

    /// <summary>Everything held.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public ReadOnlySpan<byte> Name(int index) => Slice(Get(index).Name);

    public ReadOnlySpan<byte> Value(int index) => Slice(Get(index).Value);

    /// <summary>Where the value lies in <see cref="Bytes"/>.</summary>
    public (int Start, int Length) ValueRange(int index) => Get(index).Value;

    public ReadOnlySpan<byte> Slice((int Start, int Length) part) => _bytes.AsSpan(part.Start, part.Length);

    public void Clear() => (Count, Length) = (0, 0);

    public void Append(in ReadOnlySequence<byte> bytes)
    {
        foreach (var memory in bytes)
            Append(memory.Span);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Finds the fields in what is held from <paramref name="start"/> on, up to an empty line, RFC 9112
    /// section 5.</summary>
    /// <returns>A refusal, or 0.</returns>
    public HttpStatusCode Parse(int start)
    {
        while (true)
        {
            var length = _bytes.AsSpan(start, Length - start).IndexOf("\r\n"u8);
            if (length <= 0)
                return length == 0 && start + 2 == Length ? 0 : HttpStatusCode.BadRequest;
            if (!TryAdd(start, length))
                return HttpStatusCode.BadRequest;
            start += length + 2;
        }
    }

    private Field Get(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _fields[index];
    }

    private bool TryAdd(int start, int length)
    {
        var line = _bytes.AsSpan(start, length);
        var colon = line.IndexOf((byte)':');

        // A name that is a token has no white space before the colon, RFC 9112 section 5.1, and does not begin with
        // any, so that a folded line, section 5.2, is refused as well.
        if (colon < 0 || !HttpChars.IsToken(line[..colon]))
            return false;

        var raw = line[(colon + 1)..];
        var value = HttpChars.Trim(raw);
        if (!HttpChars.IsFieldValue(value))
            return false;

        if (Count == _fields.Length)
            Array.Resize(ref _fields, 2 * Count);
        var valueStart = start + colon + 1 + (raw.Length - raw.TrimStart(" \t"u8).Length);
        _fields[Count++] = new((start, colon), (valueStart, value.Length));
        return true;
    }

    /// <summary>The fields in order, for logs and tests.</summary>
    public override string ToString() => Encoding.Latin1.GetString(Bytes);

    private readonly record struct Field((int Start, int Length) Name, (int Start, int Length) Value);
}
