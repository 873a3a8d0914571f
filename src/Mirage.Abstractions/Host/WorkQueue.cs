using System.Numerics;

namespace Mirage;

/// <summary>A first-in, first-out queue of callbacks that allocates only to grow.</summary>
internal sealed class WorkQueue
{
    private WorkItem[] _items = new WorkItem[16];
    private int _head;
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Enqueue(in WorkItem item)
    {
        if (_count == _items.Length)
            Grow();
        _items[(_head + _count++) & (_items.Length - 1)] = item;
    }

    /// <summary>Drops what is there.</summary>
    public void Clear() => _count = 0;

    /// <summary>Runs as many as there are now; what they add stays for the next call.</summary>
    public void RunAll()
    {
        for (var count = _count; count > 0 && _count > 0; count--)
        {
            var item = _items[_head];
            _items[_head] = default;
            _head = (_head + 1) & (_items.Length - 1);
            _count--;
            item.Run();
        }
    }

    private void Grow()
    {
        var items = new WorkItem[BitOperations.RoundUpToPowerOf2((uint)_count + 1)];
        for (var index = 0; index < _count; index++)
            items[index] = _items[(_head + index) & (_items.Length - 1)];
        _items = items;
        _head = 0;
    }
}
