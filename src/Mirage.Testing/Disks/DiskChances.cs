namespace Mirage.Testing;

/// <summary>How often a disk misbehaves by itself, in operations of 1,000.</summary>
public readonly record struct DiskChances
{
    /// <summary>Reads that fail, and succeed when tried again.</summary>
    public int ReadError { get; init; }

    /// <summary>Writes that fail, having landed in part.</summary>
    public int WriteError { get; init; }

    /// <summary>Flushes that fail; from then on every flush does.</summary>
    public int FlushError { get; init; }

    /// <summary>Writes that are acknowledged and never land.</summary>
    public int LostWrite { get; init; }

    /// <summary>Writes that are acknowledged and land elsewhere.</summary>
    public int MisdirectedWrite { get; init; }

    /// <summary>Reads that find one bit of their sectors turned over, for good.</summary>
    public int BitRot { get; init; }

    internal DiskChances Checked()
    {
        ReadOnlySpan<int> all = [ReadError, WriteError, FlushError, LostWrite, MisdirectedWrite, BitRot];
        foreach (var permille in all)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(permille);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(permille, 1000);
        }

        return this;
    }
}
