namespace Mirage.Testing;

/// <summary>What a device should hold, as far as it is known: a device may begin with anything, and is held to what it
/// showed.</summary>
internal sealed class BlockModel(int sectorSize)
{
    private readonly Dictionary<long, byte[]> _sectors = [];

    /// <summary>The sectors of which something is known.</summary>
    public IEnumerable<long> Known => _sectors.Keys.Order();

    /// <summary>Whole sectors were written.</summary>
    public void Write(long sector, ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; sector++, bytes = bytes[sectorSize..])
            _sectors[sector] = bytes[..sectorSize].ToArray();
    }

    /// <summary>What was read agrees with what is known, and is known from now on.</summary>
    public void ExpectRead(LawRun run, long sector, ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; sector++, bytes = bytes[sectorSize..])
        {
            var seen = bytes[..sectorSize];
            if (!_sectors.TryGetValue(sector, out var known))
                _sectors[sector] = seen.ToArray();
            else if (!seen.SequenceEqual(known))
                run.Fail($"sector {sector} holds {BlockPattern.Describe(known)}", BlockPattern.Describe(seen));
        }
    }
}
