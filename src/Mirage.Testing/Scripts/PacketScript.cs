using LanguageExt;
using Mirage.Net;

namespace Mirage.Testing;

/// <summary>A peer that is played by hand, packet by packet, against a stack in virtual time, in the manner of
/// packetdrill; beside it the application of that stack.</summary>
/// <remarks>
/// <para>What the stack sends is expected in order and whole: a packet that comes and is not the next that is expected
/// fails the script, and so does one that is left at its end. Time passes only while the script waits.</para>
/// <para>Segments belong to the connection that was made last, unless <see cref="ScriptConnection.Inject"/> and
/// <see cref="ScriptConnection.Expect"/> say which.</para>
/// </remarks>
public sealed class PacketScript
{
    private const ushort StackPort = 80, PeerPort = 4321;
    private const uint PeerInitial = 5000;

    private static readonly MacAddress s_stackMac = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly MacAddress s_peerMac = MacAddress.Parse("02:00:00:00:00:02");

    private readonly List<ScriptConnection> _connections = [];
    private readonly PacketReader _reader;
    private readonly ScriptStation _station;
    private readonly ScriptTranscript _transcript;

    private PacketScript(SimHost host, PacketScriptOptions options, VirtualPort port)
    {
        (Host, Options) = (host, options);
        _transcript = new(host.Loop);
        _reader = new(ConnectionOf, options.Link.ChecksumOffload);
        _station = new(host.Loop, port) { Receive = Receive };
    }

    /// <summary>The world that the script plays in.</summary>
    public SimHost Host { get; }

    /// <summary>Between whom the script plays.</summary>
    public PacketScriptOptions Options { get; }

    /// <summary>The link address of the stack.</summary>
    public static MacAddress StackMac => s_stackMac;

    /// <summary>The link address of the peer.</summary>
    public static MacAddress PeerMac => s_peerMac;

    /// <summary>The connection that segments belong to.</summary>
    public ScriptConnection Connection =>
        _connections.Count > 0 ? _connections[^1] : AddConnection(StackPort, PeerPort);

    /// <summary>The exchange so far, with times: <c>&lt;</c> to the stack, <c>&gt;</c> from it, <c>*</c> its
    /// application.</summary>
    public string Transcript => _transcript.ToString();

    internal IReadOnlyList<ScriptConnection> Connections => _connections;

    internal ScriptedStack Stack { get; private set; } = null!;

    private PacketRoute Route =>
        new(true, s_peerMac, s_stackMac, Options.Peer, Options.Stack.Address, Connection);

    /// <summary>Runs a script against the stack of Mirage.Net.</summary>
    public static void Run(Func<PacketScript, Task> script, PacketScriptOptions? options = null)
    {
        var given = options ?? new();
        Run((host, port) => TcpIp<VirtualPort>.Create(host, port, given.Stack, given.Gateway), script, given);
    }

    /// <summary>Runs a script against a stack that <paramref name="make"/> makes on a link.</summary>
    public static void Run<TStack>(
        Func<Host, VirtualPort, TStack> make, Func<PacketScript, Task> script, PacketScriptOptions? options = null)
        where TStack : struct, IStack<TStack>
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(script);
        var given = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(given.Limit, TimeSpan.Zero);
        using var host = new SimHost(given.Seed);
        host.Run(async () =>
        {
            var hub = VirtualHub.Create(host, given.Link);
            var port = VirtualHub.Attach(hub, s_stackMac);
            var play = new PacketScript(host, given, VirtualHub.Attach(hub, s_peerMac));
            play.Stack = new ScriptedStack<TStack>(make(host, port));
            await play.Play(script);
            await play._station.WaitUntil(host.Loop.NowNs + When.ToleranceNs); // For the answer to the last packet.
            play.ThrowIfLeft();
            await play.Stack.Disconnect();
        });
    }

    /// <summary>A connection between those ports, which segments belong to from now on.</summary>
    public ScriptConnection AddConnection(ushort stackPort, ushort peerPort, uint peerInitial = PeerInitial)
    {
        var connection = new ScriptConnection(this, stackPort, peerPort, peerInitial);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>The peer sends a packet to the stack.</summary>
    public void Inject(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        _transcript.Add('<', packet);
        var status = _station.Send(packet.Emit(Route));
        if (status is not WriteStatus.Ok)
            throw Failure($"The link did not take a packet: {status}.", []);
    }

    /// <summary>The stack sends this packet next, at that time.</summary>
    /// <returns>The packet as it came.</returns>
    public async Task<TPacket> Expect<TPacket>(TPacket packet, When when = default) where TPacket : Packet
    {
        ArgumentNullException.ThrowIfNull(packet);
        var startNs = Host.Loop.NowNs;
        var expected = $"expected  {when} > {packet}";
        if (await _station.Take(startNs + when.LatestNs) is not { } arrival)
            throw Failure("A packet was expected and did not come.", [expected, "received  nothing"]);
        var afterNs = arrival.AtNs - startNs;
        var received = $"received  {Elapsed(afterNs)} > {arrival.Packet}";
        List<string> differences = [.. packet.DifferencesFrom(arrival.Packet)];
        if (afterNs < when.EarliestNs)
            differences.Insert(0, "time: it came too early");
        if (differences.Count > 0)
        {
            throw Failure("A packet came that is not the one expected.",
                [expected, received, .. differences.Select(static text => $"differs   {text}")]);
        }

        return (TPacket)arrival.Packet;
    }

    /// <summary>That time passes, and the stack sends nothing before it is over.</summary>
    public async Task ExpectNothing(TimeSpan time)
    {
        var startNs = Host.Loop.NowNs;
        var endNs = startNs + (long)(time.TotalSeconds * 1e9);
        await _station.WaitUntil(time == TimeSpan.Zero ? endNs + When.ToleranceNs : endNs);
        if (_station.TryPeek(out var arrival) && (arrival.AtNs < endNs || time == TimeSpan.Zero))
        {
            throw Failure($"Nothing was expected for {time.TotalSeconds:F6} s, and a packet came.",
                [$"received  {Elapsed(arrival.AtNs - startNs)} > {arrival.Packet}"]);
        }
    }

    /// <summary>That time passes. What the stack sends meanwhile is given, and is not expected any more.</summary>
    public async Task<IReadOnlyList<Packet>> Skip(TimeSpan time)
    {
        var endNs = Host.Loop.NowNs + (long)(time.TotalSeconds * 1e9) + (time == TimeSpan.Zero ? When.ToleranceNs : 0);
        var packets = new List<Packet>();
        while (await _station.Take(endNs) is { } arrival)
            packets.Add(arrival.Packet);
        return packets;
    }

    /// <summary>The application listens on a port, to which the peer's next connection goes.</summary>
    public ScriptListener Listen(
        ushort port = StackPort, ushort peerPort = PeerPort, uint peerInitial = PeerInitial,
        ListenOptions options = default)
    {
        AddConnection(port, peerPort, peerInitial);
        Note($"listens on port {port}");
        return new(this, Right(Stack.Listen(port, options), $"listens on port {port}"));
    }

    /// <summary>The application connects to a port of the peer.</summary>
    public ScriptConnect Connect(
        ushort peerPort = StackPort, uint peerInitial = PeerInitial, FlowOptions options = default)
    {
        AddConnection(0, peerPort, peerInitial);
        Note($"connects to port {peerPort}");
        return new(this, Stack.Connect(new(Options.Peer, peerPort), options));
    }

    /// <summary>The application binds a port of UDP.</summary>
    public ScriptPort Bind(ushort port)
    {
        Note($"binds UDP port {port}");
        return new(this, port);
    }

    internal void Note(string text) => _transcript.Add('*', $"the application {text}");

    internal T Right<TError, T>(Either<TError, T> outcome, string what) => outcome.Match(
        static value => value, error => throw Failure($"The application {what}: that failed with {error}.", []));

    /// <summary>The result of a task of the application, which has to complete at that time.</summary>
    internal async Task<T> Limit<T>(Task<T> task, When when, string what)
    {
        var startNs = Host.Loop.NowNs;
        if (!await IsInTime(task, when.LatestNs))
            throw Failure($"The application {what}: that was expected {when}, and did not happen.", []);
        if (Host.Loop.NowNs - startNs < when.EarliestNs)
            throw Failure($"The application {what}: that was expected {when}, and happened too early.", []);
        Note(what);
        return await task;
    }

    internal ScriptException Failure(string what, IEnumerable<string> details) => new(string.Join('\n',
        [what, .. details.Select(static text => $"  {text}"),
            "The exchange until then ('<' to the stack, '>' from it, '*' its application):", Transcript]));

    private static string Elapsed(long ns) => PacketVocabulary.After(TimeSpan.FromTicks(ns / 100)).ToString();

    private async Task Play(Func<PacketScript, Task> script)
    {
        var task = script(this)
            ?? throw new ArgumentException("A script returns its task, and this one returned null.", nameof(script));
        var limitNs = (long)Math.Min(Options.Limit.TotalSeconds * 1e9, long.MaxValue / 2);
        if (!await IsInTime(task, limitNs))
            throw Failure($"The script did not end within {Options.Limit} of its time.", []);
        await task;
    }

    private async Task<bool> IsInTime(Task task, long limitNs)
    {
        var over = new TaskCompletionSource(); // Task.Delay counts milliseconds only.
        var timer = Host.Loop.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over);
        timer.Arm(Host.Loop.NowNs + limitNs);
        await Task.WhenAny(task, over.Task);
        timer.Disarm();
        return task.IsCompleted;
    }

    private void ThrowIfLeft()
    {
        if (_station.TryPeek(out var arrival))
            throw Failure("The script is over, and a packet is left.", [$"received  > {arrival.Packet}"]);
    }

    private Packet? Receive(byte[] frame)
    {
        var packet = _reader.Read(frame);
        if (Options.AnswersArp && packet is ArpMessage { Packet: var arp })
        {
            Answer(arp);
            return null;
        }

        _transcript.Add('>', packet);
        return packet;
    }

    // RFC 826; a request whose sender asks for its own address announces it, RFC 5227 section 3.
    private void Answer(in ArpPacket request)
    {
        if (request.Operation is not ArpOperation.Request || request.TargetIp == Options.Stack.Address)
            return;
        var reply = new ArpPacket(
            ArpOperation.Reply, s_peerMac, request.TargetIp, request.SenderMac, request.SenderIp);
        _station.Send(new ArpMessage(reply).Emit(Route));
    }

    private ScriptConnection ConnectionOf(TcpHeader header)
    {
        var isSyn = (header.Flags & TcpFlags.Syn) != 0;
        var connection = _connections.LastOrDefault(item =>
                item.StackPort == header.SourcePort && item.PeerPort == header.DestinationPort)
            ?? _connections.LastOrDefault(item =>
                isSyn && item.StackPort == 0 && item.PeerPort == header.DestinationPort)
            ?? new ScriptConnection(this, header.SourcePort, header.DestinationPort, 0);
        connection.StackPort = header.SourcePort;
        if (isSyn)
            connection.StackInitial = header.Sequence;
        return connection;
    }
}
