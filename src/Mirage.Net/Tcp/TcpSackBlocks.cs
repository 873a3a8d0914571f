namespace Mirage.Net;

/// <summary>The blocks of a SACK option, RFC 2018 section 3, in the order of the option: the newest first.</summary>
public readonly record struct TcpSackBlocks
{
    /// <summary>Blocks that a header has room for when it has no other option.</summary>
    public const int CountMax = 4;

    private readonly TcpSackBlock _first;
    private readonly TcpSackBlock _second;
    private readonly TcpSackBlock _third;
    private readonly TcpSackBlock _fourth;

    /// <summary>Takes the first <see cref="CountMax"/> of <paramref name="blocks"/>.</summary>
    public TcpSackBlocks(ReadOnlySpan<TcpSackBlock> blocks)
    {
        Count = Math.Min(blocks.Length, CountMax);
        _first = Count > 0 ? blocks[0] : default;
        _second = Count > 1 ? blocks[1] : default;
        _third = Count > 2 ? blocks[2] : default;
        _fourth = Count > 3 ? blocks[3] : default;
    }

    /// <summary>How many there are, 0 to <see cref="CountMax"/>.</summary>
    public int Count { get; }

    /// <summary>One of them, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that number.</exception>
    public TcpSackBlock this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return index switch { 0 => _first, 1 => _second, 2 => _third, _ => _fourth };
        }
    }

    /// <summary>The first <paramref name="count"/> of them.</summary>
    internal TcpSackBlocks Take(int count)
    {
        if (count >= Count)
            return this;
        Span<TcpSackBlock> blocks = [_first, _second, _third, _fourth];
        return new(blocks[..count]);
    }
}
