using System.Diagnostics;

namespace Mirage.Net;

/// <summary>Reassembly of fragmented datagrams of either family, RFC 791 section 3.2 and RFC 815, in bounded memory and
/// time.</summary>
/// <remarks>
/// Each fragment costs a binary search and what it holds, so that memory is used up by bytes sent, not by offsets
/// claimed. Overlap kills a datagram and what still arrives of it (RFC 5722); exact duplicates do not. The oldest
/// datagram gives way when memory is short: one whose fragments arrive together is completed even while a flood goes
/// on.
/// </remarks>
internal sealed class IpReassembly
{
    public const int DatagramsMax = 1024;
    public const int MemoryMax = 4 << 20;
    public const int PayloadMax = 65535;
    // RFC 1122 section 3.3.2 asks for 60 to 120 s; every stack of today takes less.
    public const long TimeoutNs = 30_000_000_000;

    private const int SpareMax = 64;
    private readonly Dictionary<FragmentKey, FragmentedDatagram> _datagrams = [];
    private readonly LinkedList<FragmentedDatagram> _byAge = []; // All wait equally long: the oldest is due next.
    private readonly Stack<FragmentedDatagram> _spare = new();
    private byte[]? _whole;
    private FragmentedDatagram? _quoted;

    /// <summary>Datagrams of which something is known.</summary>
    public int Count => _datagrams.Count;

    /// <summary>Bytes in use, overhead included; at most <see cref="MemoryMax"/>.</summary>
    public int Memory { get; private set; }

    /// <summary>Datagrams given up.</summary>
    public long Failures { get; private set; }

    /// <summary>When <see cref="TryPollExpired"/> has something to do next; null while nothing waits.</summary>
    public long? NextTimeoutNs => _byAge.First?.Value.DueNs;

    /// <summary>A fragment has arrived.</summary>
    /// <param name="key">What it has in common with the others.</param>
    /// <param name="fragment">Its header and payload.</param>
    /// <param name="offset">Where in the datagram it begins.</param>
    /// <param name="isLast">Whether the datagram ends with it.</param>
    /// <param name="nowNs">Now.</param>
    /// <param name="whole">With <see cref="FragmentVerdict.Complete"/>, the datagram; valid until the next
    /// call.</param>
    public FragmentVerdict HandleFragment(
        scoped in FragmentKey key, scoped in ReceivedPacket fragment, int offset, bool isLast, long nowNs,
        out ReceivedPacket whole)
    {
        whole = default;
        var length = fragment.Payload.Bytes.Length;
        if (length == 0 || (!isLast && length % 8 != 0) || offset + length + fragment.Header.Length > PayloadMax)
            return FragmentVerdict.Malformed; // RFC 791 section 3.1; the sum guards against the 'ping of death'.

        if (!_datagrams.TryGetValue(key, out var datagram))
            datagram = Begin(key, nowNs);
        if (datagram.IsDead)
            return FragmentVerdict.Killed;

        var before = datagram.Memory;
        var verdict = datagram.Add(fragment, offset, isLast);
        Memory += datagram.Memory - before;
        if (verdict is FragmentVerdict.Killed)
            Failures++;
        else if (verdict is FragmentVerdict.Complete)
        {
            _whole ??= GC.AllocateUninitializedArray<byte>(PayloadMax);
            whole = datagram.Assemble(_whole);
            Remove(datagram);
        }

        while (Memory > MemoryMax && _byAge.First is { } oldest)
            GiveUp(oldest.Value);
        return verdict;
    }

    /// <summary>The next datagram whose time is up and of which the first fragment has arrived, so that its sender is
    /// to be told (RFC 1122 section 3.3.2); valid until the next call.</summary>
    public bool TryPollExpired(long nowNs, out ReceivedPacket first)
    {
        first = default;
        if (_quoted is { } quoted)
            Free(quoted);
        _quoted = null;
        while (_byAge.First is { Value: var oldest } && oldest.DueNs <= nowNs)
        {
            if (!oldest.HasFirst)
            {
                GiveUp(oldest);
                continue;
            }

            Failures++;
            Unlink(oldest);
            _quoted = oldest;
            first = oldest.Quote();
            return true;
        }

        return false;
    }

    /// <summary>Gives everything back: nothing is put together any more.</summary>
    public void Clear()
    {
        while (_byAge.First is { } oldest)
            Remove(oldest.Value);
        if (_quoted is { } quoted)
            Free(quoted);
        _quoted = null;
    }

    private FragmentedDatagram Begin(scoped in FragmentKey key, long nowNs)
    {
        if (Count >= DatagramsMax)
            GiveUp(_byAge.First!.Value);
        if (!_spare.TryPop(out var datagram))
            datagram = new();
        datagram.Begin(key, nowNs + TimeoutNs);
        _datagrams.Add(key, datagram);
        _byAge.AddLast(datagram.Node);
        Memory += datagram.Memory;
        return datagram;
    }

    private void GiveUp(FragmentedDatagram datagram)
    {
        if (!datagram.IsDead) // It was counted when it was killed.
            Failures++;
        Remove(datagram);
    }

    private void Remove(FragmentedDatagram datagram)
    {
        Unlink(datagram);
        Free(datagram);
    }

    private void Unlink(FragmentedDatagram datagram)
    {
        _datagrams.Remove(datagram.Key);
        _byAge.Remove(datagram.Node);
        Memory -= datagram.Memory;
        Debug.Assert(Memory >= 0 && Count == _byAge.Count, "What is charged is given back once.");
    }

    private void Free(FragmentedDatagram datagram)
    {
        datagram.Release();
        if (_spare.Count < SpareMax)
            _spare.Push(datagram);
    }
}
