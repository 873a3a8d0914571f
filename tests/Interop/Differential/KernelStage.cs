using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Interop;

/// <summary>The stack of the kernel, in its own time, with sockets that never wait.</summary>
/// <remarks>An answer to a step is complete when the kernel answers an echo request that was sent after it: no clock
/// says what comes at once.</remarks>
internal sealed class KernelStage : Stage
{
    private const ushort FirstPort = 10_000;
    private static readonly TimeSpan s_echoLimit = TimeSpan.FromSeconds(20);

    private readonly KernelWorld _world;
    private readonly BlockingCollection<byte[]> _frames;
    private readonly ScriptConnection _connection;
    private readonly PacketReader _reader;
    private readonly PacketRoute _route;
    private readonly KernelApplication _application;
    private ushort _echo;

    private KernelStage(KernelWorld world, IpAddress peer, ushort port, KernelApplication application)
    {
        (_world, _application) = (world, application);
        _frames = world.Join(peer);
        _connection = new(null!, port, PeerPort, PeerInitial);
        _reader = new(Connection, isVouched: false);
        _route = new(true, PacketScript.PeerMac, PacketScript.StackMac, peer, KernelWorld.Address, _connection);
    }

    /// <summary>Plays a script on the calling thread, which is in the namespace. Scripts have different
    /// numbers.</summary>
    public static IReadOnlyList<StageStep> Play(KernelWorld world, int number, Func<Stage, Task> play)
    {
        var peer = IPAddress.Parse($"10.1.0.{1 + number}");
        var port = (ushort)(FirstPort + number);
        using var application = new KernelApplication(port, new(peer, PeerPort));
        var stage = new KernelStage(world, IpAddress.Parse(peer.ToString()), port, application);
        for (var tries = 1; !stage.TryEcho(TimeSpan.FromSeconds(0.5), []); tries++)
            Assert.True(tries < 40, "The kernel's end of the TAP device does not come up.");
        play(stage).GetAwaiter().GetResult();
        return stage.Steps;
    }

    protected override Task<string> DoListen(FlowOptions options) => Done(() => _application.Listen(options));

    protected override Task<string> DoConnect()
    {
        _connection.StackPort = 0;
        return Done(_application.Connect);
    }

    protected override Task<string> DoConnected() => Done(_application.Connected);

    protected override Task<string> DoAccept() => Done(_application.Accept);

    protected override Task<string> DoRead() => Done(_application.Read);

    protected override Task<string> DoWrite(int length) => Done(() => _application.Write(length));

    protected override Task<string> DoClose() => Done(_application.Close);

    protected override Task<string> DoDispose() => Done(_application.DisposeFlow);

    protected override Task<string> DoAbort() => Done(_application.Abort);

    protected override Task<string> DoState() => Done(_application.State);

    protected override Task DoInject(Packet packet)
    {
        _world.Send(packet.Emit(_route));
        return Task.CompletedTask;
    }

    protected override Task<IReadOnlyList<Packet>> Answers()
    {
        var answers = new List<Packet>();
        if (!TryEcho(s_echoLimit, answers))
            throw new TimeoutException("The kernel does not answer an echo request.");
        return Task.FromResult<IReadOnlyList<Packet>>(answers);
    }

    protected override Task<Packet?> Next(TimeSpan limit) =>
        Task.FromResult(_frames.TryTake(out var frame, limit) ? _reader.Read(frame) : null);

    private static Task<string> Done(Func<string> act) => Task.FromResult(act());

    // Gives what came before the answer.
    private bool TryEcho(TimeSpan limit, List<Packet> answers)
    {
        _world.Send(PacketVocabulary.EchoRequest(1, ++_echo).Emit(_route));
        var watch = Stopwatch.StartNew();
        while (limit - watch.Elapsed is var left && left > TimeSpan.Zero && _frames.TryTake(out var frame, left))
        {
            var packet = _reader.Read(frame);
            if (packet is not IcmpPacket { Type: IcmpType.EchoReply } reply)
                answers.Add(packet);
            else if ((ushort)(reply.Rest ?? 0) == _echo)
                return true;
        }

        return false;
    }

    private ScriptConnection Connection(TcpHeader header)
    {
        if (_connection.StackPort == 0)
            _connection.StackPort = header.SourcePort;
        if ((header.Flags & TcpFlags.Syn) != 0)
            _connection.StackInitial = header.Sequence;
        return _connection;
    }
}
