using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LanguageExt;

namespace Mirage.Net;

/// <summary>The connections and listeners of one TCP, whatever IP is below.</summary>
internal abstract class TcpEngine : ILoopOutput
{
    /// <summary>Connections of a stack, those in TIME-WAIT included, which give way to new ones when there is no more
    /// room. A SYN beyond them is not answered.</summary>
    public const int ConnectionsMax = 65_536;

    private const long LingerNs = 2_000_000_000; // What a disconnect waits for the delivery of closed connections.

    private static readonly TimeSpan s_lingerStep = TimeSpan.FromMilliseconds(10);

    private readonly Host _host;
    private readonly int _connectionsMax;
    private readonly Dictionary<TcpFlowKey, TcpConnection> _connections;
    private readonly Dictionary<ushort, TcpListener> _listeners = [];
    // Their flows are not disposed and may have something to read; the machine may be closed.
    private readonly System.Collections.Generic.HashSet<TcpConnection> _held = [];
    private readonly LinkedList<TcpConnection> _waiting = []; // In TIME-WAIT, the one that was first in front.
    private readonly TcpInitialSequence _sequences;
    private readonly Holding[] _holdings;
    private List<TcpConnection> _dirty = [];
    private List<TcpConnection> _flushing = [];
    private bool _isRequested;
    private bool _isDisconnecting;
    private long _activeOpens;
    private long _passiveOpens;

    protected TcpEngine(Host host, int connectionsMax)
    {
        (_host, _connectionsMax, Random) = (host, connectionsMax, new(host));
        _connections = new(new TcpFlowKeyComparer(SipHash.Random(host)));
        _sequences = new(SipHash.Random(host));
        const string Buffers = "TCP buffers";
        Pool = new(Buffers, host.PoisonsReturned);
        _holdings =
        [
            host.Holdings.Add("TCP connections", () => _connections.Count),
            host.Holdings.Add("TCP listeners", () => _listeners.Count),
            host.Holdings.Add("TCP flows", () => _held.Count),
            host.Holdings.Add(Buffers, () => Pool.Rented),
        ];
    }

    public EventLoop Loop => _host.Loop;

    public BlockPool Pool { get; }

    /// <summary>Connections in the table.</summary>
    public int Count => _connections.Count;

    /// <summary>Connections whose flows are in use.</summary>
    public int Held => _held.Count;

    public TcpCounters Counters => new(_activeOpens, _passiveOpens, InSegs, OutSegs, InErrs, OutRsts, ListenDrops);

    /// <summary>Whether nothing is taken from the layers below any more.</summary>
    protected bool IsDisconnected { get; private set; }

    protected RandomSource Random { get; }

    protected long InSegs { get; set; }

    protected long OutSegs { get; set; }

    protected long InErrs { get; set; }

    protected long OutRsts { get; set; }

    protected long ListenDrops { get; set; }

    /// <summary>Has the connection's segments sent at the end of this iteration.</summary>
    public void Touch(TcpConnection connection)
    {
        if (connection.IsDirty)
            return;
        connection.IsDirty = true;
        _dirty.Add(connection);
        if (_isRequested)
            return;
        _isRequested = true;
        Loop.RequestFlush(this);
    }

    public void Flush()
    {
        _isRequested = false;
        (_dirty, _flushing) = (_flushing, _dirty);
        foreach (var connection in _flushing)
        {
            connection.IsDirty = false;
            Transmit(connection);
            connection.Settle();
        }

        _flushing.Clear();
    }

    /// <summary>The application has a flow of this connection.</summary>
    public void Keep(TcpConnection connection) => _held.Add(connection);

    /// <summary>It has no longer.</summary>
    public void Release(TcpConnection connection) => _held.Remove(connection);

    /// <summary>The connection is in TIME-WAIT: nobody loses by its end when there is no room for a new one.</summary>
    public void HandleTimeWait(TcpConnection connection) => connection.Waiting ??= _waiting.AddLast(connection);

    /// <summary>The connection is closed: its ends are free.</summary>
    public void Forget(TcpConnection connection)
    {
        if (connection.Waiting is { } node)
            _waiting.Remove(node);
        connection.Waiting = null;
        if (_connections.TryGetValue(connection.Key, out var known) && known == connection)
            _connections.Remove(connection.Key);
    }

    public void Unlisten(TcpListener listener) => _listeners.Remove(listener.Port);

    public Either<TcpError, TcpListener> Listen(ushort port, IpAddress address, ListenOptions options)
    {
        if (_isDisconnecting)
            return new TcpError.Closed();
        if (port == 0
            && !EphemeralPorts.TryChoose(Random, Link, candidate => !_listeners.ContainsKey(candidate), out port))
            return new TcpError.NoFreePort();
        if (_listeners.ContainsKey(port))
            return new TcpError.PortInUse(port);
        return _listeners[port] = new TcpListener(this, port, new Endpoint(address, port), options);
    }

    /// <summary>Begins a connection from a port of the stack's choice; gives why it could not, or null.</summary>
    public TcpError? Open(IpAddress source, Endpoint remote, out TcpConnection? connection)
    {
        connection = null;
        if (_isDisconnecting)
            return new TcpError.Closed();
        if (!HasRoom())
            return new TcpError.TooManyConnections();
        if (!EphemeralPorts.TryChoose(
            Random, Link, candidate => IsFree(new(new(source, candidate), remote)), out var port))
            return new TcpError.NoFreePort();
        connection = Add(new(new(source, port), remote), listener: null, nagle: false);
        connection.Open(_sequences.Next(connection.Key, Loop.NowNs));
        _activeOpens++;
        return null;
    }

    public async ValueTask Disconnect()
    {
        if (_isDisconnecting)
            return;
        _isDisconnecting = true;
        var held = _held.ToList();
        foreach (var listener in _listeners.Values.ToList())
            listener.Close();
        foreach (var connection in _connections.Values.Where(connection => !connection.IsDelivering).ToList())
            connection.Abort();
        Flush(); // The peers are told before the layers below are disconnected.
        for (var until = Loop.NowNs + LingerNs; Loop.NowNs < until && IsDelivering();)
            await Task.Delay(s_lingerStep, _host.Time);
        IsDisconnected = true;
        foreach (var connection in _connections.Values.ToList())
            connection.Abort();
        Flush();
        foreach (var connection in held)
            connection.Retire();
        _held.Clear();
        Debug.Assert(_connections.Count == 0, "A connection that is aborted is forgotten.");
        foreach (var holding in _holdings)
            holding.Dispose();
    }

    protected bool TryFind(TcpFlowKey key, [NotNullWhen(true)] out TcpConnection? connection) =>
        _connections.TryGetValue(key, out connection);

    protected TcpListener? FindListener(ushort port) => _listeners.GetValueOrDefault(port);

    /// <summary>Answers a SYN, if there is room for one more connection.</summary>
    protected void Accept(TcpListener listener, TcpFlowKey key, in TcpSegment syn)
    {
        if (!listener.TryMakeRoom(Loop.NowNs) || !HasRoom())
        {
            ListenDrops++; // RFC 9293 has no word for it: the peer sends the SYN again, and there may be room then.
            return;
        }

        var connection = Add(key, listener, listener.Options.Nagle);
        listener.HandleOpening(connection);
        connection.Open(syn, _sequences.Next(key, Loop.NowNs));
        _passiveOpens++;
    }

    /// <summary>Ends TIME-WAIT early for a new connection.</summary>
    protected void Replace(TcpConnection connection)
    {
        Forget(connection);
        connection.Retire();
    }

    /// <summary>Sends everything that may be sent now.</summary>
    protected abstract void Transmit(TcpConnection connection);

    /// <summary>What the link below can do.</summary>
    protected abstract NetworkInfo Link { get; }

    /// <summary>What a connection between these ends is made with.</summary>
    protected abstract TcpParameters ParametersFor(TcpFlowKey key, bool nagle);

    private TcpConnection Add(TcpFlowKey key, TcpListener? listener, bool nagle) =>
        _connections[key] = new TcpConnection(this, ParametersFor(key, nagle), listener);

    // Who closes first has TIME-WAIT: a busy server would run out of connections that nobody uses. What RFC 9293
    // section 3.4.2 keeps it for, old segments in the network, is left to the choice of sequence numbers then.
    private bool HasRoom()
    {
        if (_connections.Count >= _connectionsMax && _waiting.First is { } oldest)
            Replace(oldest.Value);
        return _connections.Count < _connectionsMax;
    }

    private bool IsFree(TcpFlowKey key) =>
        key.Local != key.Remote && !_connections.ContainsKey(key) && !_listeners.ContainsKey(key.Local.Port);

    private bool IsDelivering()
    {
        foreach (var connection in _connections.Values)
        {
            if (connection.IsDelivering)
                return true;
        }

        return false;
    }
}
