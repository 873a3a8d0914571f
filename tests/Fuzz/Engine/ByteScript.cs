namespace Mirage.Fuzz;

/// <summary>Bytes as a list of decisions: what a stateful target does next is read off an input, so that a shorter
/// input is a shorter story.</summary>
internal sealed class ByteScript(ReadOnlySpan<byte> input)
{
    private readonly byte[] _bytes = input.ToArray();
    private int _at;

    public bool IsOver => _at >= _bytes.Length;

    /// <summary>The next byte; 0 when the script is over.</summary>
    public byte Byte() => IsOver ? (byte)0 : _bytes[_at++];

    public int Word() => (Byte() << 8) | Byte();

    public uint Double() => ((uint)Word() << 16) | (uint)Word();

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, from as many bytes as it takes.</summary>
    public int Next(int bound) => bound <= 256 ? Byte() % bound : bound <= 65_536 ? Word() % bound
        : (int)(Double() % (uint)bound);

    /// <summary>Up to <paramref name="count"/> bytes.</summary>
    public byte[] Take(int count)
    {
        count = Math.Min(count, _bytes.Length - _at);
        _at += count;
        return _bytes.AsSpan(_at - count, count).ToArray();
    }

    /// <summary>What is left.</summary>
    public byte[] Rest() => Take(_bytes.Length);
}
