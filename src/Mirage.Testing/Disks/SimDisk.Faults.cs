namespace Mirage.Testing;

public sealed partial class SimDisk
{
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
    public void Inject(DiskFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
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
                _misdirected.Add(misdirected.Number, 1, CheckedSector(misdirected.Sector));
                break;
            case DiskFault.Unreadable unreadable:
                for (var index = 0; index < unreadable.Sectors; index++)
                    _unreadable.Add(CheckedSector(unreadable.Sector + index));
                break;
            case DiskFault.BitRot rot:
                Rot(CheckedSector(rot.Sector), rot.Bit);
                break;
            case DiskFault.Full or DiskFault.NotFull:
                _isFull = fault is DiskFault.Full;
                break;
            case DiskFault.Truncated truncated:
                _reach = truncated.Sectors;
                break;
            case DiskFault.Slow slow:
                ArgumentOutOfRangeException.ThrowIfLessThan(slow.Times, 1);
                _slowness = slow.Times;
                break;
        }
    }

    private long CheckedSector(long sector)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sector);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sector, Info.SectorCount);
        return sector;
    }

    private void Rot(long sector, int bit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bit);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bit, Info.SectorSize * 8);
        _image.Rot(sector, bit);
        _counters.RottenBits++;
        Log?.Invoke($"bit {bit} of sector {sector} rots");
    }

    private bool Happens(int permille) => permille > 0 && _random.Next(1000) < permille;

    // Why a read of these sectors fails, or null.
    private BlockError.Io? ReadFault(long sector, long count)
    {
        var strikes = _readErrors.Strikes(out _) || Happens(Chances.ReadError);
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
        var strikes = _writeErrors.Strikes(out _) || Happens(Chances.WriteError);
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
