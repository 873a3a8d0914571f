using System.Diagnostics;

namespace Mirage.Testing;

public sealed partial class SimDisk
{
    internal long BeginRead(long sector, long count)
    {
        _counters.Reads++;
        Log?.Invoke($"read sector {sector}, {Sectors(count)}");
        return ReadLatency.DrawNs(_random) * _slowness;
    }

    internal BlockError? EndRead(long sector, long count, IReadOnlyList<Memory<byte>> buffers)
    {
        if (ReadFault(sector, count) is { } error)
        {
            _counters.ReadErrors++;
            Log?.Invoke($"read of sector {sector} fails: {error}");
            return error;
        }

        if (_random.Chance(Chances.BitRot))
            Rot(sector + _random.Next(count), _random.Next(Info.SectorSize * 8));
        LandOverlapping(sector, count, null);
        foreach (var buffer in buffers)
        {
            _image.Read(sector, buffer.Span);
            sector += buffer.Length / Info.SectorSize;
        }

        return null;
    }

    /// <summary>Begins a write; null when the power was cut at it.</summary>
    internal DiskWrite? BeginWrite(long sector, ReadOnlyMemory<byte> bytes, out long latencyNs)
    {
        var count = bytes.Length / Info.SectorSize;
        _counters.Writes++;
        Log?.Invoke($"write sector {sector}, {Sectors(count)}");
        latencyNs = WriteLatency.DrawNs(_random) * _slowness;
        var isLost = _lost.Strikes(out _) || _random.Chance(Chances.LostWrite);
        var isMisdirected = _misdirected.Strikes(out var elsewhere);
        if (_random.Chance(Chances.MisdirectedWrite))
            (isMisdirected, elsewhere) = (true, _random.Next(Info.SectorCount));
        var error = WriteFault(sector, count);
        if (error is null && isLost)
        {
            _counters.LostWrites++;
            Log?.Invoke($"write of sector {sector} is lost");
        }
        else if (error is null && isMisdirected)
        {
            elsewhere = Math.Min(elsewhere, Info.SectorCount - count);
            _counters.MisdirectedWrites++;
            Log?.Invoke($"write of sector {sector} goes to sector {elsewhere}");
        }

        var lands = isMisdirected && !isLost && error is null ? elsewhere : sector;
        return Begin(new DiskWrite(sector, [.. Units(lands, bytes)], error, isLost && error is null));
    }

    /// <summary>Begins a discard; null when the power was cut at it.</summary>
    internal DiskWrite? BeginDiscard(long sector, long count, out long latencyNs)
    {
        _counters.Discards++;
        Log?.Invoke($"discard sector {sector}, {Sectors(count)}");
        latencyNs = WriteLatency.DrawNs(_random) * _slowness;
        // Only what holds something changes. Each sector stands for itself: nobody is promised more of a discard.
        var zeros = new byte[Info.SectorSize];
        var units = _image.Filled(sector, count).Select(filled => new PendingWrite(filled, zeros, InFlight: true));
        return Begin(new DiskWrite(sector, [.. units], Beyond(sector, count), isLost: false));
    }

    internal BlockError? EndWrite(DiskWrite write)
    {
        var isKnown = _inFlight.Remove(write);
        Debug.Assert(isKnown, "A write ends once, and not after a power cut.");
        foreach (var unit in write.Remaining)
            LandOverlapping(unit.Sector, unit.Bytes.Length / Info.SectorSize, write);
        Land(write, _ => write.Error is null || _random.Next(2) == 0);
        if (write.Error is null)
            return null;
        _counters.WriteErrors++;
        Log?.Invoke($"write of sector {write.Target} fails: {write.Error}");
        return write.Error;
    }

    /// <summary>Begins a flush of what has landed; false when the power was cut at it.</summary>
    internal bool BeginFlush(out long landed, out long latencyNs)
    {
        _counters.Flushes++;
        Log?.Invoke("flush");
        (landed, latencyNs) = (_image.Landed, FlushLatency.DrawNs(_random) * _slowness);
        return !CutsNow();
    }

    internal BlockError? EndFlush(long landed)
    {
        _flushFailed |= _flushErrors.Strikes(out _) || _random.Chance(Chances.FlushError);
        if (!_flushFailed)
        {
            _image.Flush(landed);
            return null;
        }

        _counters.FlushErrors++;
        Log?.Invoke("flush fails");
        return new BlockError.Io(0, "a flush failed: what was written since the last good one may be lost");
    }

    internal static string Sectors(long count) => count == 1 ? "1 sector" : $"{count} sectors";

    private DiskWrite? Begin(DiskWrite write)
    {
        _inFlight.Add(write);
        return CutsNow() ? null : write;
    }

    // Of writes in flight that share a unit with what ends now, chance says which landed first.
    private void LandOverlapping(long sector, long count, DiskWrite? except)
    {
        foreach (var write in _inFlight)
        {
            if (write != except && write.Error is null)
                Land(write, unit => Overlap(unit, sector, count) && _random.Next(2) == 0);
        }
    }

    private void Land(DiskWrite write, Func<PendingWrite, bool> takes)
    {
        foreach (var unit in write.Remaining.Where(takes).ToList())
        {
            write.Land(unit, _image);
            for (var index = 0; index < unit.Bytes.Length / Info.SectorSize; index++)
                _unreadable.Remove(unit.Sector + index);
        }
    }

    private bool Overlap(PendingWrite unit, long sector, long count) =>
        unit.Sector < sector + count && sector < unit.Sector + (unit.Bytes.Length / Info.SectorSize);

    private IEnumerable<PendingWrite> Units(long sector, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = Info.AtomicSectors - (sector % Info.AtomicSectors);
            var sectors = (int)Math.Min(room, bytes.Length / Info.SectorSize);
            var unit = bytes[..(sectors * Info.SectorSize)];
            yield return new(sector, unit, InFlight: true);
            bytes = bytes[unit.Length..];
            sector += sectors;
        }
    }
}
