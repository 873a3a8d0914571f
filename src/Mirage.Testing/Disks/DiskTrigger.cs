namespace Mirage.Testing;

/// <summary>Faults of one kind that wait for their operation.</summary>
internal sealed class DiskTrigger
{
    private readonly List<(long From, long Until, long Value)> _armed = [];
    private long _operations;

    /// <summary>Strikes <paramref name="times"/> times, first at operation <paramref name="number"/> from
    /// now.</summary>
    public void Add(long number, long times, long value = 0)
    {
        var from = number > long.MaxValue - _operations ? long.MaxValue : _operations + number;
        _armed.Add((from, times > long.MaxValue - from ? long.MaxValue : from + times, value));
    }

    /// <summary>Strikes no more.</summary>
    public void Clear() => _armed.Clear();

    /// <summary>Counts an operation and says whether it is struck.</summary>
    public bool Strikes(out long value)
    {
        _operations++;
        value = 0;
        if (_armed.Count == 0)
            return false;
        _armed.RemoveAll(fault => fault.Until <= _operations);
        foreach (var fault in _armed)
        {
            if (fault.From > _operations)
                continue;
            value = fault.Value;
            return true;
        }

        return false;
    }
}
