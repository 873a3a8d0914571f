using System.Diagnostics;

namespace Mirage.Net;

/// <summary>Identifications for datagrams that may be fragmented, RFC 6864: unpredictable, and none twice among
/// 65,536.</summary>
/// <remarks>A counter goes through a keyed permutation of 16 bits, a Feistel network whose four round functions are
/// random tables. One that sees the numbers of its own packets learns nothing of others' (RFC 7739 tells why that
/// matters), and nothing repeats until every number was used; then the tables are drawn anew.</remarks>
internal sealed class Ipv4Identification
{
    /// <summary>Bytes of entropy that the tables take.</summary>
    public const int KeySize = Rounds * TableSize;

    private const int Rounds = 4, TableSize = 256, Period = 65536;
    private readonly byte[] _tables = new byte[KeySize];
    private int _left;

    /// <summary>Whether <see cref="HandleKey"/> is to be called before the next number is taken.</summary>
    public bool NeedsKey => _left == 0;

    /// <summary>Takes new entropy: <see cref="KeySize"/> bytes.</summary>
    public void HandleKey(ReadOnlySpan<byte> key)
    {
        key[..KeySize].CopyTo(_tables);
        _left = Period;
    }

    /// <summary>The next number.</summary>
    public ushort Next()
    {
        Debug.Assert(!NeedsKey, "A period has 65,536 numbers.");
        _left--;
        var (left, right) = ((byte)(_left >> 8), (byte)_left);
        for (var round = 0; round < Rounds; round++)
            (left, right) = (right, (byte)(left ^ _tables[(round * TableSize) + right]));
        return (ushort)((left << 8) | right);
    }
}
