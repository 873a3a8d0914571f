using System.Buffers;

namespace Mirage.Net;

/// <summary>Pieces in the order of their numbers, linked through the slots of one array. Arrays come from the shared
/// pool: a connection at rest has none, and one that works allocates nothing.</summary>
internal struct PieceList
{
    /// <summary>No slot.</summary>
    public const int None = -1;

    private const int SlotsInitial = 16;

    private SentPiece[] _pieces = [];
    private int _free = None;
    private int _used; // Slots that have been in use.

    public PieceList()
    {
    }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The slot of the piece with the lowest numbers, or <see cref="None"/>.</summary>
    public int First { get; private set; } = None;

    /// <summary>The slot of the piece with the highest numbers, or <see cref="None"/>.</summary>
    public int Last { get; private set; } = None;

    /// <summary>The piece in a slot. It moves when one is added.</summary>
    public ref SentPiece this[int slot] => ref _pieces[slot];

    /// <summary>Adds a piece behind all others.</summary>
    public void Append(in SentPiece piece)
    {
        var slot = Take();
        _pieces[slot] = piece with { Previous = Last, Next = None };
        if (Last == None)
            First = slot;
        else
            _pieces[Last].Next = slot;
        Last = slot;
    }

    /// <summary>Cuts a piece in two at a number inside of it; the second follows in a slot of its own.</summary>
    public void Split(int slot, uint at)
    {
        var tail = Take();
        ref var piece = ref _pieces[slot];
        _pieces[tail] = piece with { Start = at, Previous = slot };
        if (piece.Next == None)
            Last = tail;
        else
            _pieces[piece.Next].Previous = tail;
        (piece.End, piece.Next) = (at, tail);
    }

    /// <summary>Takes a piece out. What held its slot may be given to another one.</summary>
    public void Remove(int slot)
    {
        ref var piece = ref _pieces[slot];
        if (piece.Previous == None)
            First = piece.Next;
        else
            _pieces[piece.Previous].Next = piece.Next;
        if (piece.Next == None)
            Last = piece.Previous;
        else
            _pieces[piece.Next].Previous = piece.Previous;
        piece.Next = _free;
        _free = slot;
        if (--Count == 0)
            Clear();
    }

    /// <summary>Takes all out, and gives the memory back.</summary>
    public void Clear()
    {
        (First, Last, Count, _free, _used) = (None, None, 0, None, 0);
        Return();
        _pieces = [];
    }

    private int Take()
    {
        Count++;
        if (_free != None)
        {
            var slot = _free;
            _free = _pieces[slot].Next;
            return slot;
        }

        if (_used == _pieces.Length)
            Grow();
        return _used++;
    }

    private void Grow()
    {
        var larger = ArrayPool<SentPiece>.Shared.Rent(Math.Max(SlotsInitial, 2 * _pieces.Length));
        _pieces.AsSpan().CopyTo(larger);
        Return();
        _pieces = larger;
    }

    private void Return()
    {
        if (_pieces.Length > 0)
            ArrayPool<SentPiece>.Shared.Return(_pieces);
    }
}
