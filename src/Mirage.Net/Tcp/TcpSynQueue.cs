using System.Diagnostics.CodeAnalysis;

namespace Mirage.Net;

/// <summary>The half-open connections of a stack, and when each of them is answered again: RFC 6298 with one timer for
/// all.</summary>
/// <remarks>The first wait is the same for all of them, and so is the second: there is one queue for each, in which the
/// first is due first.</remarks>
internal sealed class TcpSynQueue(TcpFlowKeyComparer keys)
{
    private readonly TcpShadowTable<TcpHalfOpen> _table = new(keys);
    private readonly TcpShadowQueue<TcpHalfOpen>[] _waits = MakeWaits();

    public int Count => _table.Count;

    /// <summary>When the next one is due; null when there is none.</summary>
    public long? NextNs
    {
        get
        {
            var next = long.MaxValue;
            foreach (var wait in _waits)
                next = Math.Min(next, wait.First?.DueNs ?? long.MaxValue);
            return next == long.MaxValue ? null : next;
        }
    }

    public bool TryFind(TcpFlowKey key, [NotNullWhen(true)] out TcpHalfOpen? halfOpen) =>
        _table.TryFind(key, out halfOpen);

    /// <summary>Whether there is room for one more of <paramref name="listener"/>.</summary>
    public bool HasRoom(TcpListener listener) =>
        listener.HalfOpen < listener.HalfOpenMax && Count < TcpLimits.HalfOpenMax;

    public TcpHalfOpen Add(TcpFlowKey key, TcpListener listener, in TcpSyn syn, uint initial, ushort window, long nowNs)
    {
        var halfOpen = _table.Add(key);
        halfOpen.Start(listener, syn, initial, window);
        listener.HalfOpen++;
        Wait(halfOpen, nowNs);
        return halfOpen;
    }

    public void Remove(TcpHalfOpen halfOpen)
    {
        var listener = halfOpen.Listener;
        _waits[halfOpen.Timeouts].Remove(halfOpen);
        _table.Remove(halfOpen);
        listener.HandleHalfOpenEnd();
    }

    /// <summary>One whose answer is to be sent again. What was answered often enough is forgotten.</summary>
    public bool TryPollTimeout(long nowNs, [NotNullWhen(true)] out TcpHalfOpen? halfOpen)
    {
        foreach (var wait in _waits)
        {
            while ((halfOpen = wait.First) is not null && halfOpen.DueNs <= nowNs)
            {
                if (halfOpen.Timeouts == TcpLimits.SynAckRetransmitsMax)
                {
                    Remove(halfOpen);
                    continue;
                }

                wait.Remove(halfOpen);
                halfOpen.Timeouts++;
                halfOpen.IsRepeated = true;
                Wait(halfOpen, nowNs);
                return true;
            }
        }

        halfOpen = null;
        return false;
    }

    /// <summary>Those that wait for <paramref name="listener"/>, which closes.</summary>
    public List<TcpHalfOpen> Of(TcpListener listener)
    {
        var all = new List<TcpHalfOpen>(listener.HalfOpen);
        foreach (var wait in _waits)
        {
            for (var halfOpen = wait.First; halfOpen is not null; halfOpen = halfOpen.Next)
            {
                if (halfOpen.Listener == listener)
                    all.Add(halfOpen);
            }
        }

        return all;
    }

    // RFC 6298 section 5.5: twice as long each time.
    private void Wait(TcpHalfOpen halfOpen, long nowNs)
    {
        halfOpen.DueNs = nowNs + (TcpLimits.RtoInitialNs << halfOpen.Timeouts);
        _waits[halfOpen.Timeouts].Add(halfOpen);
    }

    private static TcpShadowQueue<TcpHalfOpen>[] MakeWaits()
    {
        var waits = new TcpShadowQueue<TcpHalfOpen>[TcpLimits.SynAckRetransmitsMax + 1];
        for (var timeouts = 0; timeouts < waits.Length; timeouts++)
            waits[timeouts] = new();
        return waits;
    }
}
