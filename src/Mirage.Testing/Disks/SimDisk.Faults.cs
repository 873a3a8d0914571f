namespace Mirage.Testing;

public sealed partial class SimDisk
{
    private const int UnreadableMax = 1 << 20;
    private const int SlownessMax = 1 << 20;

    private readonly HashSet<long> _unreadable = [];
    private readonly DiskTrigger _readErrors = new();
    private readonly DiskTrigger _writeErrors = new();
    private readonly DiskTrigger _flushErrors = new();
    private readonly DiskTrigger _lost = new();
    private readonly DiskTrigger _misdirected = new();
    private bool _isFull;
    private bool _flushFailed;
    private long _reach = long.MaxValue;
    private int _slowness = 1;

    /// <summary>Makes something go wrong, now or at the operation that <paramref name="fault"/> names.</summary>
    /// <exception cref="ArgumentException">This disk cannot do that.</exception>
    public void Inject(DiskFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (!CanHave(fault))
            throw new ArgumentException($"The disk has nothing that could be '{fault}'.", nameof(fault));
        Log?.Invoke($"fault: {fault}");
        switch (fault)
        {
            case DiskFault.ReadError error:
                _readErrors.Add(error.Number, error.Times);
                break;
            case DiskFault.WriteError error:
                _writeErrors.Add(error.Number, error.Times);
                break;
            case DiskFault.FlushError error:
                _flushErrors.Add(error.Number, 1);
                break;
            case DiskFault.LostWrite lost:
                _lost.Add(lost.Number, lost.Times);
                break;
            case DiskFault.MisdirectedWrite misdirected:
                _misdirected.Add(misdirected.Number, 1, misdirected.Sector);
                break;
            case DiskFault.Unreadable unreadable:
                for (var index = 0; index < unreadable.Sectors; index++)
                    _unreadable.Add(unreadable.Sector + index);
                break;
            case DiskFault.BitRot rot:
                Rot(rot.Sector, rot.Bit);
                break;
            case DiskFault.Full or DiskFault.NotFull:
                _isFull = fault is DiskFault.Full;
                break;
            case DiskFault.Truncated truncated:
                _reach = truncated.Sectors;
                break;
            case DiskFault.Slow slow:
                _slowness = slow.Times;
                break;
        }
    }

    /// <inheritdoc/>
    public bool TryFault(string what, bool rehearse)
    {
        ArgumentNullException.ThrowIfNull(what);
        if (DiskFaultText.Read(what) is not { } fault || !CanHave(fault))
            return false;
        if (!rehearse)
            Inject(fault);
        return true;
    }

    /// <summary>The disk is neither full nor slow nor short any more, and no operation to come fails; sectors that
    /// cannot be read, and bits that rotted, stay so.</summary>
    public void Heal()
    {
        (_isFull, _reach, _slowness) = (false, long.MaxValue, 1);
        foreach (var trigger in (DiskTrigger[])[_readErrors, _writeErrors, _flushErrors, _lost, _misdirected])
            trigger.Clear();
    }

    private bool CanHave(DiskFault fault) => fault switch
    {
        DiskFault.ReadError it => it.Number > 0 && it.Times > 0,
        DiskFault.WriteError it => it.Number > 0 && it.Times > 0,
        DiskFault.LostWrite it => it.Number > 0 && it.Times > 0,
        DiskFault.FlushError it => it.Number > 0,
        DiskFault.MisdirectedWrite it => it.Number > 0 && Has(it.Sector),
        DiskFault.Unreadable it => it.Sectors is > 0 and <= UnreadableMax && Has(it.Sector) &&
            Has(it.Sector + it.Sectors - 1),
        DiskFault.BitRot it => Has(it.Sector) && it.Bit >= 0 && it.Bit < Info.SectorSize * 8,
        DiskFault.Truncated it => it.Sectors >= 0,
        DiskFault.Slow it => it.Times is > 0 and <= SlownessMax,
        _ => true,
    };

    private bool Has(long sector) => sector >= 0 && sector < Info.SectorCount;

    private void Rot(long sector, int bit)
    {
        _image.Rot(sector, bit);
        _counters.RottenBits++;
        Log?.Invoke($"bit {bit} of sector {sector} rots");
    }

    // Why a read of these sectors fails, or null.
    private BlockError.Io? ReadFault(long sector, long count)
    {
        var strikes = _readErrors.Strikes(out _) || _random.Chance(Chances.ReadError);
        if (Beyond(sector, count) is { } beyond)
            return beyond;
        for (var index = 0L; index < count && _unreadable.Count > 0; index++)
        {
            if (_unreadable.Contains(sector + index))
                return new(sector + index, "the sector cannot be read");
        }

        return strikes ? new(sector, "the read failed") : null;
    }

    // Why a write to these sectors fails, or null.
    private BlockError.Io? WriteFault(long sector, long count)
    {
        var strikes = _writeErrors.Strikes(out _) || _random.Chance(Chances.WriteError);
        if (Beyond(sector, count) is { } beyond)
            return beyond;
        for (var index = 0L; index < count && _isFull; index++)
        {
            if (!_image.Holds(sector + index))
                return new(sector + index, "no space is left");
        }

        return strikes ? new(sector, "the write failed") : null;
    }

    private BlockError.Io? Beyond(long sector, long count) =>
        count > _reach - sector ? new(Math.Max(sector, _reach), "the device ends before it") : null;
}
