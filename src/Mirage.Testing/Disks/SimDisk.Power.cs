namespace Mirage.Testing;

public sealed partial class SimDisk
{
    // What was unflushed when the power went.
    private IReadOnlyList<PendingWrite> _remains = [];

    /// <summary>The program that drove the disk is gone, and the power is not: what is in flight lands, and nobody is
    /// answered.</summary>
    public void Detach()
    {
        foreach (var write in _inFlight)
            Land(write, static _ => true);
        _inFlight.Clear();
        Session++;
    }

    /// <summary><see cref="Crash()"/>, for the machine that the disk is in.</summary>
    public void PowerCut() => Crash();

    /// <summary>Cuts the power: what is under way stops, and nothing is answered any more. <see cref="Crash()"/> says
    /// what is left and puts the power back.</summary>
    public void CutPower()
    {
        if (_isCut)
            return;
        _remains = Pending;
        _isCut = true;
        Session++;
        _inFlight.Clear();
        (_cutIn, _cut) = (0, null);
        _flushFailed = false;
        Log?.Invoke($"power cut with {_remains.Count} writes unflushed");
    }

    /// <summary>Cuts the power when the write, discard or flush that is number <paramref name="operation"/> from now on
    /// is under way, and then calls <paramref name="cut"/>.</summary>
    public void CutPowerAt(long operation, Action? cut = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(operation, 1);
        (_cutIn, _cut) = (operation, cut);
    }

    /// <summary>A power cut that leaves what the seed picks, after which the disk is on again.</summary>
    public void Crash()
    {
        CutPower();
        // None and all are what most faults need, and rare among the subsets of many writes.
        var fate = _random.Next(8);
        var survivors = new List<Survivor>();
        for (var index = 0; index < _remains.Count && fate > 0; index++)
        {
            if (fate == 1 || _random.Next(2) == 0)
                survivors.Add(new(index, fate > 1 ? DrawTear(_remains[index].Bytes.Length) : int.MaxValue));
        }

        if (fate % 2 == 0)
            Shuffle(survivors);
        Crash(survivors);
    }

    /// <summary>A power cut that leaves of <see cref="Pending"/> what <paramref name="survivors"/> says, landed in that
    /// order, after which the disk is on again.</summary>
    /// <exception cref="ArgumentException">No power cut of this disk leaves that.</exception>
    public void Crash(IReadOnlyList<Survivor> survivors)
    {
        ArgumentNullException.ThrowIfNull(survivors);
        CutPower();
        var left = _image.WithoutCache();
        var torn = 0;
        foreach (var survivor in survivors)
        {
            if (survivor.Pending < 0 || survivor.Pending >= _remains.Count)
                throw new ArgumentException($"There is no pending write {survivor.Pending}.", nameof(survivors));
            var write = _remains[survivor.Pending];
            var length = Math.Min(survivor.Bytes, write.Bytes.Length);
            if (length < write.Bytes.Length && (length <= 0 || length % AtomicBytes != 0))
                throw new ArgumentException($"{length} bytes are torn inside of {AtomicBytes}.", nameof(survivors));
            left.Survive(write, length);
            torn += length < write.Bytes.Length ? 1 : 0;
        }

        var survived = survivors.Select(static survivor => survivor.Pending).Distinct().Count();
        _counters.Crashes++;
        _counters.DroppedWrites += _remains.Count - survived;
        _counters.TornWrites += torn;
        Log?.Invoke($"crash: {survived} of {_remains.Count} unflushed writes are left, {torn} torn");
        (_image, _remains, _isCut) = (left, [], false);
    }

    /// <summary>Whether the power is cut.</summary>
    internal bool IsCut => _isCut;

    internal void ThrowIfCut()
    {
        if (_isCut)
            throw new InvalidOperationException("The disk's power is cut; Crash says what is left on it.");
    }

    // Whether the power is cut at the operation that was just begun.
    private bool CutsNow()
    {
        if (_cutIn == 0 || --_cutIn > 0)
            return false;
        var cut = _cut;
        CutPower();
        cut?.Invoke();
        return true;
    }

    private int DrawTear(int length) => AtomicBytes >= length || _random.Next(2) == 0
        ? int.MaxValue
        : (1 + _random.Next(((length + AtomicBytes - 1) / AtomicBytes) - 1)) * AtomicBytes;

    private void Shuffle(List<Survivor> survivors)
    {
        for (var index = survivors.Count - 1; index > 0; index--)
        {
            var other = _random.Next(index + 1);
            (survivors[index], survivors[other]) = (survivors[other], survivors[index]);
        }
    }
}
