using System.Numerics;

namespace Mirage;

/// <summary>A first-in, first-out queue of callbacks that allocates only to grow.</summary>
internal sealed class WorkQueue
{
    private (Action<object?> Callback, object? State)[] _items = new (Action<object?>, object?)[16];
    private int _head;
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Enqueue(Action<object?> callback, object? state)
    {
        if (_count == _items.Length)
            Grow();
        _items[(_head + _count++) & (_items.Length - 1)] = (callback, state);
    }

    /// <summary>Runs as many as there are now; what they add stays for the next call.</summary>
    public void RunAll()
    {
        for (var count = _count; count > 0; count--)
        {
            ref var item = ref _items[_head];
            var (callback, state) = item;
            item = default;
            _head = (_head + 1) & (_items.Length - 1);
            _count--;
            callback(state);
        }
    }

    private void Grow()
    {
        var items = new (Action<object?>, object?)[BitOperations.RoundUpToPowerOf2((uint)_count + 1)];
        for (var index = 0; index < _count; index++)
            items[index] = _items[(_head + index) & (_items.Length - 1)];
        _items = items;
        _head = 0;
    }
}
