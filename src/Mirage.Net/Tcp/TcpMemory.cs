namespace Mirage.Net;

/// <summary>What the queues of a stack's connections hold, against a budget, and what gives way first.</summary>
/// <remarks><code>
///  of the budget   gives way
///  1/2             windows: no connection is promised more than <see cref="TcpLimits.TightWindow"/>
///  3/4             what arrived beyond a hole, and is sent again
///  7/8             connections to come
///  1               connections that nobody here has any more, the oldest first
/// </code>
/// What a connection may hold has limits of its own: its receive and send buffer, and as long as nobody has accepted
/// it, <see cref="TcpLimits.TightWindow"/>, so that a listener holds no more than its backlog of those.</remarks>
internal sealed class TcpMemory(BlockPool pool, TcpTally tally, long budget)
{
    private const long PauseNs = 10_000_000; // Between two looks at all connections.

    private readonly LinkedList<TcpConnection> _orphans = [];
    private bool _isTight;
    private long _nextNs = long.MinValue;

    /// <summary>Bytes that the queues hold.</summary>
    public long Bytes => pool.RentedBytes;

    /// <summary>The most that a connection is to be offered.</summary>
    public int WindowMax => Bytes > budget / 2 ? TcpLimits.TightWindow : int.MaxValue;

    /// <summary>The most that a send buffer grows to by itself: a part of what is left of a sixteenth of the budget.
    /// One connection has a fifth of that, and with many each has less: dynamic thresholds, as switches share their
    /// memory (Choudhury and Hahne, 1998).</summary>
    public long SendShare => ((budget / 16) - Bytes) / 4;

    /// <summary>Whether there may be new connections.</summary>
    public bool HasRoom => Bytes <= budget / 8 * 7;

    /// <summary>The application has let go of a connection before the peer has everything.</summary>
    public void HandleOrphan(TcpConnection connection) => connection.Orphan ??= _orphans.AddLast(connection);

    /// <summary>It is over.</summary>
    public void Forget(TcpConnection connection)
    {
        if (connection.Orphan is not { } orphan)
            return;
        _orphans.Remove(orphan);
        connection.Orphan = null;
    }

    /// <summary>Sees to the budget.</summary>
    public void Enforce(IEnumerable<TcpConnection> connections, long nowNs)
    {
        var isTight = Bytes > budget / 2;
        if (isTight && !_isTight)
            tally.TCPMemoryPressures++;
        _isTight = isTight;
        if (Bytes <= budget / 4 * 3)
            return;
        if (nowNs >= _nextNs)
        {
            _nextNs = nowNs + PauseNs;
            foreach (var connection in connections)
            {
                if (!connection.TryPrune())
                    continue;
                tally.OfoPruned++;
                if (Bytes <= budget / 4 * 3)
                    break;
            }
        }

        while (Bytes > budget && _orphans.First is { } oldest)
        {
            tally.TCPAbortOnMemory++;
            Forget(oldest.Value);
            oldest.Value.Abort();
        }
    }
}
