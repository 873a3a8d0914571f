using LanguageExt;

namespace Mirage.Net;

/// <summary>The connections that peers begin to other hosts, until they are established or refused.</summary>
/// <remarks>How many there may be is one limit for those that nobody has decided on and for those that were accepted
/// and
/// are half open: a flood of SYNs to all addresses and ports takes that much memory and no more, whatever is decided.
/// There are no cookies: nothing may be answered before the decision.</remarks>
internal sealed class TcpForwards
{
    private readonly TcpEngine _engine;
    private readonly TcpTally _tally;
    private readonly Dictionary<TcpFlowKey, ForwardedConnection> _connections;
    private readonly LinkedList<ForwardedConnection> _undecided = new(); // They wait equally long: the first is due.
    private readonly LoopTimer _timer;
    private IForwardHandler? _handler;
    private int _max;

    public TcpForwards(TcpEngine engine, TcpTally tally, TcpFlowKeyComparer keys)
    {
        (_engine, _tally, _connections) = (engine, tally, new(keys));
        _timer = engine.Loop.CreateTimer(static self => ((TcpForwards)self!).HandleTimer(), this);
    }

    public bool IsOpen => _handler is not null;

    /// <summary>Connections that are not decided on or half open.</summary>
    public int Count => _connections.Count;

    public void Open(IForwardHandler handler, in ForwardOptions options)
    {
        _handler = handler;
        _max = options.ConnectingMax > 0 ? options.ConnectingMax : TcpLimits.ForwardsMax;
    }

    public void Close()
    {
        _handler = null;
        foreach (var connection in _connections.Values.ToList())
        {
            Refuse(connection);
            connection.Listener?.Close();
        }
    }

    /// <summary>A segment of no connection, to another host.</summary>
    /// <param name="key">Its ends.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="answer">What a listener would do with it.</param>
    public void Handle(TcpFlowKey key, in TcpSegment segment, TcpListenAnswer answer)
    {
        if (_engine.TimeWaits.TryFind(key, out var waiting) && !waiting.IsReplacedBy(segment, hasTimestamps: true))
            _engine.TimeWaits.Handle(waiting, segment);
        else if (answer is TcpListenAnswer.Reset)
            _engine.Refuse(key, segment);
        else if (answer is TcpListenAnswer.Open)
            HandleSyn(key, TcpSyn.Of(segment));
    }

    public async ValueTask<Either<TcpError, IFlow>> Accept(
        ForwardedConnection connection, FlowOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (connection.Listener is not null)
            throw new InvalidOperationException("A connection is accepted once.");
        if (connection.IsDecided)
            return new TcpError.Closed();
        _undecided.Remove(connection.Place);
        Rearm();
        var listening = new ListenOptions { Backlog = 1, HalfOpenMax = 1, Flow = options };
        var listener = new TcpListener(_engine, connection.Local.Port, connection.Local, listening) { IsForOne = true };
        connection.Listener = listener;
        try
        {
            if (!_engine.Handshakes.TryForward(listener, connection.Key, connection.Syn))
                return new TcpError.TooManyConnections();
            var accepted = await listener.Accept(cancellation);
            return accepted.IsRight || !IsOpen ? accepted
                : listener.WasReset ? new TcpError.Reset(connection.Remote)
                : new TcpError.Timeout(connection.Remote);
        }
        finally
        {
            _connections.Remove(connection.Key);
            listener.Close();
        }
    }

    public void Refuse(ForwardedConnection connection)
    {
        if (!TryForget(connection))
            return;
        _tally.OutRsts++;
        // RFC 9293 section 3.10.7.1: as if there were no connection, which acknowledges the SYN.
        _engine.Send(connection.Key, new(
            connection.Local.Port, connection.Remote.Port, 0, connection.Syn.Sequence.Plus(1),
            TcpFlags.Rst | TcpFlags.Ack, 0));
    }

    public void Ignore(ForwardedConnection connection) => TryForget(connection);

    private void HandleSyn(TcpFlowKey key, in TcpSyn syn)
    {
        if (_connections.TryGetValue(key, out var known))
        {
            known.Syn = syn; // Sent again while nobody has decided; a peer that has begun anew counts.
            return;
        }

        if (Count >= _max || !_engine.HasRoom())
        {
            _tally.ListenDrops++;
            return; // The peer sends the SYN again, and there may be room then.
        }

        var connection = new ForwardedConnection(this, key, syn)
        {
            DueNs = _engine.Loop.NowNs + TcpLimits.ForwardDecisionNs,
        };
        _connections.Add(key, connection);
        _undecided.AddLast(connection.Place);
        Rearm();
        _handler!.Connecting(connection);
    }

    private bool TryForget(ForwardedConnection connection)
    {
        if (connection.IsDecided)
            return false;
        _undecided.Remove(connection.Place);
        _connections.Remove(connection.Key);
        Rearm();
        return true;
    }

    private void HandleTimer()
    {
        while (_undecided.First is { } first && first.Value.DueNs <= _engine.Loop.NowNs)
            TryForget(first.Value);
        Rearm();
    }

    private void Rearm()
    {
        if (_undecided.First is not { } first)
            _timer.Disarm();
        else if (!_timer.IsArmed || first.Value.DueNs < _timer.DueNs)
            _timer.Arm(first.Value.DueNs); // One that is armed earlier only looks again.
    }
}
