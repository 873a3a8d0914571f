using System.Numerics;

namespace Mirage.Testing;

/// <summary>The hardware of a simulated disk: it survives the machine it is in, and a power cut leaves on it what a
/// power cut may.</summary>
/// <remarks>
/// <para>A write is acknowledged when it is in the disk's cache. A power cut keeps what was flushed, and of the other
/// writes any subset, in any order, each atomic unit of <see cref="BlockInfo.AtomicSectors"/> sectors for itself.
/// Requests that are under way at once end in any order; where they overlap, each atomic unit is of one of
/// them.</para>
/// <para>Everything random follows from the seed. A machine has the disk as a device by <see cref="SimBlock.Over"/>.
/// It belongs to one thread.</para>
/// </remarks>
public sealed partial class SimDisk : ISimHardware
{
    /// <summary>The largest sector and the largest atomic unit, bytes.</summary>
    public const int UnitMax = 1 << 20;

    private readonly SplitMix64 _random;
    private readonly List<DiskWrite> _inFlight = [];
    private DiskImage _image;
    private DiskCounters _counters;
    private long _cutIn;
    private Action? _cut;
    private bool _isCut;

    /// <summary>A disk of zeros. What happens to it by chance follows from <paramref name="seed"/>.</summary>
    public SimDisk(BlockInfo info, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(info.SectorSize, 512);
        ArgumentOutOfRangeException.ThrowIfNegative(info.SectorCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(info.SectorCount, long.MaxValue / info.SectorSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(info.AtomicSectors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)info.AtomicSectors * info.SectorSize, UnitMax);
        if (!BitOperations.IsPow2(info.SectorSize))
            throw new ArgumentException($"{info.SectorSize} is no power of two.", nameof(info));
        (Info, _random, _image) = (info, new SplitMix64(seed), new DiskImage(info.SectorSize));
        AtomicBytes = info.SectorSize * info.AtomicSectors;
    }

    /// <summary>A disk of zeros that can be written and discards.</summary>
    public SimDisk(int sectorSize, long sectorCount, ulong seed = 1)
        : this(new BlockInfo(sectorSize, sectorCount) { CanDiscard = true }, seed) { }

    /// <summary>Size and abilities, as the machine is told.</summary>
    public BlockInfo Info { get; }

    /// <summary>How long a read takes.</summary>
    public Latency ReadLatency { get; set; }

    /// <summary>How long a write or a discard takes.</summary>
    public Latency WriteLatency { get; set; }

    /// <summary>How long a flush takes.</summary>
    public Latency FlushLatency { get; set; }

    /// <summary>What goes wrong by itself.</summary>
    public DiskChances Chances
    {
        get;
        set => field = value.Checked();
    }

    /// <summary>
    /// Bytes that a power cut leaves old or new as one. It is what <see cref="Info"/> says; less is a disk that breaks
    /// its word: 512 tears a sector of 4096, and 1 tears anywhere.
    /// </summary>
    public int AtomicBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }

    /// <summary>Told of every request, fault and power cut, in order; null for nobody.</summary>
    public Action<string>? Log { get; set; }

    /// <inheritdoc/>
    public void Report(Action<string> line) => Log += line;

    /// <summary>What the disk was asked and what it did wrong.</summary>
    public DiskCounters Counters => _counters;

    /// <summary>The writes that a power cut could undo: those that have landed, in order, and then those in
    /// flight.</summary>
    public IReadOnlyList<PendingWrite> Pending => _isCut
        ? _remains
        : [.. _image.Unflushed, .. _inFlight.SelectMany(static write => write.Remaining)];

    /// <summary>Which program drives the disk: one that drove it before gets no answer any more.</summary>
    internal int Session { get; private set; }

    /// <summary>A copy of what the disk holds now, its cache and the writes in flight included.</summary>
    public DiskSnapshot Snapshot() => new(_image.Copy(), Pending);

    /// <summary>Puts the disk back to <paramref name="snapshot"/> with its power cut: <see cref="Crash()"/> says what
    /// is left then. Requests under way are not answered.</summary>
    public void Restore(DiskSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        CutPower();
        _image = snapshot.Image.Copy();
        _remains = snapshot.Pending;
    }

    /// <summary>What the machine would read now, without its knowing: no fault, no time, no count.</summary>
    public void Peek(long sector, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length % Info.SectorSize, 0);
        ArgumentOutOfRangeException.ThrowIfNegative(sector);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            sector, Info.SectorCount - (destination.Length / Info.SectorSize));
        _image.Read(sector, destination);
    }
}
