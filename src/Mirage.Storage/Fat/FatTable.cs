using System.Buffers.Binary;
using System.Diagnostics;

namespace Mirage.Storage;

/// <summary>The file allocation table: which cluster follows which (Microsoft 1.03, "FAT Data Structure").</summary>
/// <remarks>
/// <code>
///        entry n, even     entry n + 1
/// 12 bit +-------------+---+-------------+   two entries in three bytes: the low bits first
/// 16 bit +-------------------------------+   little-endian
/// 32 bit +-------------------------------+   little-endian; the upper 4 bits belong to nobody and stay
/// </code>
/// 0 is free, the largest eight are ends, the one before them is a bad cluster. The first two entries are none.
/// </remarks>
internal sealed class FatTable
{
    private readonly byte[] _bytes;
    private readonly FatKind _kind;
    private readonly int _sectorSize;
    private readonly SortedSet<int> _changed = [];
    private uint _next = FatBoot.FirstCluster;

    public FatTable(byte[] bytes, FatBoot boot)
    {
        (_bytes, _kind, _sectorSize) = (bytes, boot.Kind, boot.SectorSize);
        End = (uint)(boot.Clusters + FatBoot.FirstCluster);
        for (var cluster = FatBoot.FirstCluster; cluster < End; cluster++)
            Free += this[cluster] == 0 ? 1 : 0;
    }

    /// <summary>The number after that of the last cluster.</summary>
    public uint End { get; }

    /// <summary>How many clusters are free.</summary>
    public long Free { get; private set; }

    /// <summary>Where the search for a free cluster begins.</summary>
    public uint Next => _next;

    private uint Mask => _kind is FatKind.Fat32 ? 0x0FFFFFFF : (1u << (int)_kind) - 1;

    private uint this[uint cluster]
    {
        get => _kind switch
        {
            FatKind.Fat12 => ((uint)BinaryPrimitives.ReadUInt16LittleEndian(
                _bytes.AsSpan((int)(cluster + (cluster / 2)))) >> ((int)(cluster & 1) * 4)) & Mask,
            FatKind.Fat16 => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan((int)cluster * 2)),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)cluster * 4)) & Mask,
        };
        set
        {
            Free += (value == 0 ? 1 : 0) - (this[cluster] == 0 ? 1 : 0);
            var at = _kind is FatKind.Fat12 ? (int)(cluster + (cluster / 2)) : (int)cluster * ((int)_kind / 8);
            var place = _bytes.AsSpan(at);
            if (_kind is FatKind.Fat32)
                BinaryPrimitives.WriteUInt32LittleEndian(
                    place, (BinaryPrimitives.ReadUInt32LittleEndian(place) & ~Mask) | value);
            else if (_kind is FatKind.Fat16)
                BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)value);
            else
            {
                var shift = (int)(cluster & 1) * 4;
                var both = BinaryPrimitives.ReadUInt16LittleEndian(place) & ~(Mask << shift);
                BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)(both | (value << shift)));
            }

            _changed.Add(at / _sectorSize);
            _changed.Add((at + (_kind is FatKind.Fat32 ? 3 : 1)) / _sectorSize);
        }
    }

    /// <summary>Follows a chain, into <paramref name="clusters"/> as far as it is sound; says what is wrong with it,
    /// null for nothing.</summary>
    /// <param name="first">Its first cluster; 0 for a chain of none.</param>
    /// <param name="most">How many clusters are wanted: what comes after them is not looked at.</param>
    /// <param name="clusters">The clusters.</param>
    public string? Follow(uint first, long most, List<uint> clusters)
    {
        if (first == 0)
            return null;
        for (var cluster = first; clusters.Count < most; cluster = this[cluster])
        {
            if (cluster >= Mask - 7)
                return null;
            if (cluster < FatBoot.FirstCluster || cluster >= End)
                return $"the chain of cluster {first} leads to {cluster}";
            // A chain that is longer than all clusters together goes round.
            if (clusters.Count >= End - FatBoot.FirstCluster)
                return $"the chain of cluster {first} has a loop";
            clusters.Add(cluster);
        }

        return null;
    }

    /// <summary>Takes free clusters and makes a chain of them, which <paramref name="before"/> goes on with when it is
    /// not 0. There are so many.</summary>
    public List<uint> Take(long count, uint before = 0)
    {
        Debug.Assert(count <= Free, "Whoever takes clusters has seen that there are so many.");
        var taken = new List<uint>();
        while (taken.Count < count)
        {
            if (this[_next] == 0)
            {
                if (before != 0)
                    this[before] = _next;
                this[_next] = Mask;
                taken.Add(before = _next);
            }

            _next = _next + 1 < End ? _next + 1 : FatBoot.FirstCluster;
        }

        return taken;
    }

    /// <summary>Gives a chain back.</summary>
    public void Release(uint first)
    {
        var clusters = new List<uint>();
        _ = Follow(first, long.MaxValue, clusters);
        foreach (var cluster in clusters)
            this[cluster] = 0;
        if (clusters.Count > 0)
            _next = Math.Min(_next, clusters[0]);
    }

    /// <summary>The runs of sectors that have changed since they were asked for last.</summary>
    public IEnumerable<(int Sector, ReadOnlyMemory<byte> Bytes)> Changes()
    {
        var sectors = _changed.ToArray();
        _changed.Clear();
        for (var index = 0; index < sectors.Length;)
        {
            var count = 1;
            while (index + count < sectors.Length && sectors[index + count] == sectors[index] + count)
                count++;
            yield return (sectors[index],
                _bytes.AsMemory(sectors[index] * _sectorSize, count * _sectorSize));
            index += count;
        }
    }
}
