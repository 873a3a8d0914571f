using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LanguageExt;

namespace Mirage.Net;

/// <summary>The connections and listeners of one TCP, whatever IP is below.</summary>
internal abstract class TcpEngine : ILoopOutput
{
    private const long LingerNs = 2_000_000_000; // What a disconnect waits for the delivery of closed connections.

    private static readonly TimeSpan s_lingerStep = TimeSpan.FromMilliseconds(10);

    private readonly Host _host;
    private readonly int _connectionsMax;
    private readonly TcpConnectionTable _connections;
    private readonly Dictionary<ushort, TcpListener> _listeners = [];
    // Their flows are not disposed and may have something to read; the machine may be closed.
    private readonly System.Collections.Generic.HashSet<TcpConnection> _held = [];
    private readonly TcpInitialSequence _sequences;
    private readonly TcpTimestampClock _timestamps;
    private readonly Holding[] _holdings;
    private List<TcpConnection> _dirty = [];
    private List<TcpConnection> _flushing = [];
    private bool _isRequested;
    private bool _isDisconnecting;

    protected TcpEngine(Host host, int connectionsMax, long memoryMax)
    {
        (_host, _connectionsMax, Random) = (host, connectionsMax, new(host));
        var keys = new TcpFlowKeyComparer(SipHash.Random(host));
        _connections = new(keys);
        _sequences = new(SipHash.Random(host));
        _timestamps = new(SipHash.Random(host));
        TimeWaits = new(this, Tally, keys);
        Handshakes = new(this, Tally, keys, SipHash.Random(host));
        Forwards = new(this, Tally, keys);
        const string Buffers = "TCP buffers";
        Pool = new(Buffers, host.PoisonsReturned);
        Memory = new(Pool, Tally, memoryMax);
        _holdings =
        [
            host.Holdings.Add("TCP connections", () => _connections.Count),
            host.Holdings.Add("half-open TCP connections", () => Handshakes.Count),
            host.Holdings.Add("TCP connections in TIME-WAIT", () => TimeWaits.Count),
            host.Holdings.Add("TCP connections to be decided on", () => Forwards.Count),
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

    public TcpTally Tally { get; } = new();

    /// <summary>Connections that peers have begun and not completed.</summary>
    public TcpHandshakes Handshakes { get; }

    /// <summary>Connections to other hosts that are taken for them.</summary>
    public TcpForwards Forwards { get; }

    /// <summary>What the connections hold.</summary>
    public TcpMemory Memory { get; }

    /// <summary>Connections whose ends are not to be used again yet.</summary>
    public TcpTimeWaits TimeWaits { get; }

    /// <summary>Whether a new connection would be of no use any more.</summary>
    public bool IsDisconnecting => _isDisconnecting;

    /// <summary>Whether nothing is taken from the layers below any more.</summary>
    protected bool IsDisconnected { get; private set; }

    protected RandomSource Random { get; }

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
        Memory.Enforce(_connections.All, Loop.CoarseNs);
    }

    /// <summary>The application has a flow of this connection.</summary>
    public void Keep(TcpConnection connection) => _held.Add(connection);

    /// <summary>It has no longer.</summary>
    public void Release(TcpConnection connection) => _held.Remove(connection);

    /// <summary>The connection is in TIME-WAIT: little is left of it.</summary>
    public void HandleTimeWait(TcpConnection connection, in TcpResidue residue)
    {
        Replace(connection);
        TimeWaits.Add(connection.Key, residue);
    }

    /// <summary>The connection is closed: its ends are free.</summary>
    public void Forget(TcpConnection connection)
    {
        Memory.Forget(connection);
        _connections.Remove(connection);
    }

    public void Unlisten(TcpListener listener)
    {
        if (_listeners.GetValueOrDefault(listener.Port) == listener)
            _listeners.Remove(listener.Port);
        Handshakes.Close(listener);
    }

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
    public TcpError? Open(IpAddress source, Endpoint remote, FlowOptions options, out TcpConnection? connection)
    {
        connection = null;
        if (_isDisconnecting)
            return new TcpError.Closed();
        if (!HasRoom())
            return new TcpError.TooManyConnections();
        if (!EphemeralPorts.TryChoose(
            Random, Link, candidate => IsFree(new(new(source, candidate), remote)), out var port))
            return new TcpError.NoFreePort();
        connection = Add(new(new(source, port), remote), listener: null, options);
        connection.Open(InitialSequenceFor(connection.Key));
        Tally.ActiveOpens++;
        return null;
    }

    /// <summary>Whether there may be one more connection.</summary>
    public bool HasRoom() => _connections.Count < _connectionsMax && Memory.HasRoom;

    /// <summary>Makes the connection whose handshake <paramref name="segment"/> completes.</summary>
    /// <returns>False when the machine does not take it for that: the peer may try again.</returns>
    public bool TryAdopt(TcpListener listener, TcpFlowKey key, in TcpOpening opening, in TcpSegment segment)
    {
        var connection = Add(key, listener, listener.Options.Flow);
        connection.Adopt(opening, segment);
        if (connection.IsFlow)
            return true;
        Replace(connection);
        return false;
    }

    /// <summary>The number of a SYN between these ends.</summary>
    public uint InitialSequenceFor(TcpFlowKey key) => _sequences.Next(key, Loop.CoarseNs);

    /// <summary>The timestamp of a segment between these ends.</summary>
    public uint TimestampFor(TcpFlowKey key) => TcpTimestampClock.At(_timestamps.OffsetOf(key), Loop.CoarseNs);

    /// <summary>What a listener offers to a peer.</summary>
    public TcpOffer OfferFor(TcpFlowKey key, TcpListener listener) => new(
        (ushort)Math.Clamp(SegmentSizeFor(key.Remote.Address), TcpLimits.MssFloor, ushort.MaxValue),
        TcpParameters.ReceiveBufferOf(listener.Options.Flow))
    {
        ReceiveBufferMax = TcpParameters.ReceiveBufferMaxOf(listener.Options.Flow),
        Sack = true,
        Timestamps = true,
        Ecn = true,
    };

    /// <summary>Resets the connections that are not this host's own.</summary>
    public void AbortForeign()
    {
        foreach (var connection in _connections.All.Where(own => !IsLocal(own.Key.Local.Address)).ToList())
            connection.Abort();
    }

    /// <summary>Answers a segment of no connection: RFC 9293 section 3.10.7.1.</summary>
    public void Refuse(TcpFlowKey key, in TcpSegment segment)
    {
        if (!TcpReset.For(segment, out var reset))
            return;
        Tally.OutRsts++;
        Send(key, reset);
    }

    /// <summary>Sends a segment that no machine has made.</summary>
    public abstract void Send(TcpFlowKey key, in TcpHeader header);

    public async ValueTask Disconnect()
    {
        if (_isDisconnecting)
            return;
        _isDisconnecting = true;
        var held = _held.ToList();
        foreach (var listener in _listeners.Values.ToList())
            listener.Close();
        Forwards.Close();
        foreach (var connection in _connections.All.Where(connection => !connection.IsDelivering).ToList())
            connection.Abort();
        Flush(); // The peers are told before the layers below are disconnected.
        for (var until = Loop.NowNs + LingerNs; Loop.NowNs < until && IsDelivering();)
            await Task.Delay(s_lingerStep, _host.Time);
        IsDisconnected = true;
        foreach (var connection in _connections.All.ToList())
            connection.Abort();
        Flush();
        foreach (var connection in held)
            connection.Retire();
        _held.Clear();
        TimeWaits.Clear();
        Debug.Assert(_connections.Count == 0, "A connection that is aborted is forgotten.");
        foreach (var holding in _holdings)
            holding.Dispose();
    }

    protected bool TryFind(TcpFlowKey key, [NotNullWhen(true)] out TcpConnection? connection) =>
        _connections.TryFind(key, out connection);

    protected TcpListener? FindListener(ushort port) => _listeners.GetValueOrDefault(port);

    private void Replace(TcpConnection connection)
    {
        Forget(connection);
        connection.Retire();
    }

    /// <summary>Sends everything that may be sent now.</summary>
    protected abstract void Transmit(TcpConnection connection);

    /// <summary>Whether the address is this host's own.</summary>
    protected abstract bool IsLocal(IpAddress address);

    /// <summary>What the link below can do.</summary>
    protected abstract NetworkInfo Link { get; }

    /// <summary>What a connection to <paramref name="remote"/> is made with.</summary>
    protected abstract TcpParameters ParametersFor(IpAddress remote, FlowOptions options);

    /// <summary>The largest payload on the way to <paramref name="remote"/>.</summary>
    protected abstract int SegmentSizeFor(IpAddress remote);

    private TcpConnection Add(TcpFlowKey key, TcpListener? listener, FlowOptions options)
    {
        var identity = new TcpIdentity(key.Local, key.Remote)
        {
            TimestampOffset = _timestamps.OffsetOf(key),
            Secret = Random.NextLong(),
        };
        var connection = new TcpConnection(this, identity, ParametersFor(key.Remote.Address, options), listener);
        _connections.Add(connection);
        return connection;
    }

    private bool IsFree(TcpFlowKey key) =>
        key.Local != key.Remote && !_connections.Contains(key) && !TimeWaits.Contains(key)
        && !_listeners.ContainsKey(key.Local.Port);

    private bool IsDelivering()
    {
        foreach (var connection in _connections.All)
        {
            if (connection.IsDelivering)
                return true;
        }

        return false;
    }
}
