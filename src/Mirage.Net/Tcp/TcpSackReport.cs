namespace Mirage.Net;

/// <summary>What the peer is told of the bytes that are in beyond a hole, RFC 2018 section 4, and of those that came
/// twice, RFC 2883 section 4.</summary>
/// <remarks>The stretches that changed last are remembered, the newest first. Each is one that
/// <see cref="TcpReassembly"/> holds, whole: two that a segment has joined are one here too. Nothing is searched for
/// when an acknowledgment is made, and a segment costs at most <see cref="TcpSackBlocks.CountMax"/>
/// comparisons.</remarks>
internal struct TcpSackReport
{
    private const int OptionFixedSize = 4, BlockSize = 8;
    private TcpSackBlock[]? _recent; // Once something has arrived beyond a hole.
    private int _count;
    private TcpSackBlock? _duplicate;

    /// <summary>Whether the peer has said that it takes the option, and this end has too.</summary>
    public bool IsOn => Room > 0;

    /// <summary>Blocks that an acknowledgment has room for: 4, or 3 beside timestamps; 0 while the option is
    /// off.</summary>
    public int Room { get; private set; }

    /// <summary>Whether something came twice that the peer was not told of.</summary>
    public bool HasDuplicate => _duplicate is not null;

    /// <summary>Bytes of the option in a segment with payload, which tells of no duplicate.</summary>
    public int Size => _count == 0 ? 0 : OptionFixedSize + (Math.Min(_count, Room) * BlockSize);

    /// <summary>Both SYNs had the option.</summary>
    public void Start(bool hasTimestamps) => Room = hasTimestamps ? TcpSackBlocks.CountMax - 1 : TcpSackBlocks.CountMax;

    /// <summary>A segment has become part of <paramref name="stretch"/>, which is held beyond a hole.</summary>
    public void OnHeld(TcpSackBlock stretch)
    {
        if (!IsOn)
            return;
        _recent ??= new TcpSackBlock[TcpSackBlocks.CountMax];
        var kept = 0;
        for (var index = 0; index < _count; index++)
        {
            var known = _recent[index];
            var isPart = !known.Start.IsBefore(stretch.Start) && known.End.IsUpTo(stretch.End);
            if (!isPart)
                _recent[kept++] = known;
        }

        // RFC 2018 section 4: the first block has the segment that caused the acknowledgment; the others are repeated,
        // the newest first, so that a block is in several acknowledgments and bears the loss of some.
        _count = Math.Min(kept + 1, TcpSackBlocks.CountMax);
        for (var index = _count - 1; index > 0; index--)
            _recent[index] = _recent[index - 1];
        _recent[0] = stretch;
    }

    /// <summary>Everything before <paramref name="next"/> is in: the acknowledgment number says so.</summary>
    public void OnInOrder(uint next)
    {
        var kept = 0;
        for (var index = 0; index < _count; index++)
        {
            var known = _recent![index];
            if (known.Start.IsAfter(next))
                _recent[kept++] = known;
        }

        _count = kept;
    }

    /// <summary><paramref name="bytes"/> were in already. Of several such stretches in one batch of input the first is
    /// told of, longer if the others continue it: RFC 2883 section 4, each at most once.</summary>
    public void OnDuplicate(TcpSackBlock bytes)
    {
        if (!IsOn || !bytes.Start.IsBefore(bytes.End))
            return;
        if (_duplicate is not { } first)
            _duplicate = bytes;
        else if (bytes.Start.IsUpTo(first.End) && first.Start.IsUpTo(bytes.End))
            _duplicate = new(
                SequenceNumber.Earlier(first.Start, bytes.Start), SequenceNumber.Later(first.End, bytes.End));
    }

    /// <summary>Nothing more is taken.</summary>
    public void Clear() => (_count, _duplicate) = (0, null);

    /// <summary>The blocks of a segment with payload.</summary>
    public TcpSackBlocks Held() => _count == 0 ? default : new(Recent(Room));

    /// <summary>The blocks of a segment without payload, where a duplicate comes first. It is told of once.</summary>
    public TcpSackBlocks TakeAll()
    {
        if (_duplicate is not { } duplicate)
            return Held();
        _duplicate = null;
        // RFC 2883 section 4: the stretch that the duplicate lies in follows. It is the newest, for it was held again.
        Span<TcpSackBlock> blocks = stackalloc TcpSackBlock[TcpSackBlocks.CountMax];
        blocks[0] = duplicate;
        var recent = Recent(Room - 1);
        recent.CopyTo(blocks[1..]);
        return new(blocks[..(1 + recent.Length)]);
    }

    private ReadOnlySpan<TcpSackBlock> Recent(int limit) =>
        _recent.AsSpan(0, Math.Min(_count, limit));
}
