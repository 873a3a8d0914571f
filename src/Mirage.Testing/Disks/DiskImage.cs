using System.Runtime.InteropServices;

namespace Mirage.Testing;

/// <summary>What is on a disk and what its cache holds: sparse, and no stored sector is ever changed in place, so that
/// copies share them.</summary>
internal sealed class DiskImage
{
    // A disk that is never flushed writes its cache back by itself, the oldest first.
    private const int CacheMax = 1 << 16;

    private readonly int _sectorSize;
    private readonly Dictionary<long, ReadOnlyMemory<byte>> _durable;
    private readonly Dictionary<long, ReadOnlyMemory<byte>> _visible;
    private readonly List<PendingWrite> _unflushed;
    private long _flushed;

    public DiskImage(int sectorSize) => (_sectorSize, _durable, _visible, _unflushed) = (sectorSize, [], [], []);

    private DiskImage(DiskImage other, bool visible) =>
        (_sectorSize, _durable, _visible, _unflushed, _flushed) =
        (other._sectorSize, new(other._durable), new(visible ? other._visible : other._durable),
            visible ? [.. other._unflushed] : [], other._flushed);

    /// <summary>Landed and not flushed, in the order in which they landed.</summary>
    public IReadOnlyList<PendingWrite> Unflushed => _unflushed;

    /// <summary>Everything that has landed so far, as a number for <see cref="Flush"/>.</summary>
    public long Landed => _flushed + _unflushed.Count;

    public DiskImage Copy() => new(this, visible: true);

    /// <summary>What is left when the power goes and nothing of the cache survives.</summary>
    public DiskImage WithoutCache() => new(this, visible: false);

    public bool Holds(long sector) => _visible.ContainsKey(sector);

    public void Read(long sector, Span<byte> destination)
    {
        for (; !destination.IsEmpty; sector++, destination = destination[_sectorSize..])
        {
            if (_visible.TryGetValue(sector, out var bytes))
                bytes.Span.CopyTo(destination);
            else
                destination[.._sectorSize].Clear();
        }
    }

    /// <summary>A write has reached the cache.</summary>
    public void Land(PendingWrite write)
    {
        Store(_visible, write.Sector, write.Bytes);
        _unflushed.Add(write with { InFlight = false });
        if (_unflushed.Count > CacheMax)
            Flush(_flushed + (CacheMax / 2));
    }

    /// <summary>What had landed when <see cref="Landed"/> said <paramref name="landed"/> is durable.</summary>
    public void Flush(long landed)
    {
        var count = (int)Math.Max(0, landed - _flushed);
        foreach (var write in CollectionsMarshal.AsSpan(_unflushed)[..count])
            Store(_durable, write.Sector, write.Bytes);
        _unflushed.RemoveRange(0, count);
        _flushed += count;
    }

    /// <summary>A write has survived a power cut with its first <paramref name="length"/> bytes.</summary>
    public void Survive(PendingWrite write, int length)
    {
        var bytes = write.Bytes.ToArray();
        for (var offset = 0; offset < bytes.Length; offset += _sectorSize)
        {
            var kept = Math.Clamp(length - offset, 0, _sectorSize);
            var old = _durable.GetValueOrDefault(write.Sector + (offset / _sectorSize));
            var tail = bytes.AsSpan(offset + kept, _sectorSize - kept);
            if (old.IsEmpty)
                tail.Clear();
            else
                old.Span[kept..].CopyTo(tail);
        }

        Store(_durable, write.Sector, bytes);
        Store(_visible, write.Sector, bytes);
    }

    /// <summary>Turns over one bit of what is durable; what the cache holds of that sector is not touched.</summary>
    public void Rot(long sector, int bit)
    {
        var bytes = new byte[_sectorSize];
        if (_durable.TryGetValue(sector, out var old))
            old.CopyTo(bytes);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        Store(_durable, sector, bytes);
        if (!_unflushed.Exists(write => Covers(write, sector)))
            Store(_visible, sector, bytes);
    }

    /// <summary>The sectors of a range that hold anything but zeros, in order.</summary>
    public IEnumerable<long> Filled(long sector, long count) =>
        _visible.Keys.Where(key => key >= sector && key - sector < count).Order();

    private bool Covers(PendingWrite write, long sector) =>
        sector >= write.Sector && sector < write.Sector + (write.Bytes.Length / _sectorSize);

    // A sector of zeros takes no memory: a disk of terabytes is as large as what is on it.
    private void Store(Dictionary<long, ReadOnlyMemory<byte>> sectors, long sector, ReadOnlyMemory<byte> bytes)
    {
        for (; !bytes.IsEmpty; sector++, bytes = bytes[_sectorSize..])
        {
            var one = bytes[.._sectorSize];
            if (one.Span.ContainsAnyExcept((byte)0))
                sectors[sector] = one;
            else
                sectors.Remove(sector);
        }
    }
}
