using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Mirage.Net;

/// <summary>The neighbours, at most <see cref="EntriesMax"/>: those that this host sends to, and those that only made
/// themselves known.</summary>
/// <remarks>A flood of spoofed senders displaces only the latter: a newcomer that nobody here asked for never takes the
/// place of a neighbour that somebody uses.</remarks>
internal sealed class ArpTable
{
    public const int EntriesMax = 1024;

    private readonly Dictionary<IpAddress, ArpEntry> _entries = [];
    private readonly LinkedList<ArpEntry> _learned = []; // Longest known first.
    private readonly LinkedList<ArpEntry> _wanted = []; // Longest unused first.

    public int Count => _entries.Count;

    /// <summary>The entries. They may be removed while they are enumerated.</summary>
    public Dictionary<IpAddress, ArpEntry>.ValueCollection Entries => _entries.Values;

    public bool TryGet(IpAddress ip, [MaybeNullWhen(false)] out ArpEntry entry) => _entries.TryGetValue(ip, out entry);

    /// <summary>Marks <paramref name="entry"/> as the one used last.</summary>
    public void Touch(ArpEntry entry)
    {
        if (entry.Node == _wanted.Last)
            return;
        entry.Node.List?.Remove(entry.Node);
        _wanted.AddLast(entry.Node);
    }

    /// <summary>Adds a neighbour that somebody here asks for. When the table is full of others being asked for, gives
    /// false.</summary>
    public bool TryAddWanted(IpAddress ip, [MaybeNullWhen(false)] out ArpEntry entry, out bool evicted)
    {
        entry = null;
        evicted = false;
        if (Count >= EntriesMax)
        {
            var victim = _learned.First?.Value ?? OldestKnown();
            if (victim is null)
                return false;
            Remove(victim);
            evicted = true;
        }

        entry = Add(ip, _wanted);
        return true;
    }

    /// <summary>Adds a neighbour that made itself known. When the table is full of neighbours in use, gives
    /// false.</summary>
    public bool TryAddLearned(IpAddress ip, [MaybeNullWhen(false)] out ArpEntry entry, out bool evicted)
    {
        entry = null;
        evicted = false;
        if (Count >= EntriesMax)
        {
            if (_learned.First is not { } oldest)
                return false;
            Remove(oldest.Value);
            evicted = true;
        }

        entry = Add(ip, _learned);
        return true;
    }

    public void Remove(ArpEntry entry)
    {
        entry.Node.List?.Remove(entry.Node);
        _entries.Remove(entry.Ip);
    }

    private ArpEntry Add(IpAddress ip, LinkedList<ArpEntry> order)
    {
        var entry = new ArpEntry(ip);
        _entries.Add(ip, entry);
        order.AddLast(entry.Node);
        Debug.Assert(
            Count <= EntriesMax && Count == _learned.Count + _wanted.Count, "Each entry has one place in one order.");
        return entry;
    }

    // Entries being resolved are few and have waiters: they stay.
    private ArpEntry? OldestKnown()
    {
        for (var node = _wanted.First; node is not null; node = node.Next)
        {
            if (node.Value.State is not ArpState.Incomplete)
                return node.Value;
        }

        return null;
    }
}
