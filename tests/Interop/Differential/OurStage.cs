using System.Buffers;
using Mirage.Testing;

namespace Mirage.Interop;

/// <summary>The stack of Mirage.Net, in virtual time.</summary>
internal sealed class OurStage(PacketScript script) : Stage
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);

    private readonly Queue<Packet> _arrived = [];
    private ScriptListener? _listener;
    private Task<LanguageExt.Either<TcpError, IFlow>>? _opening;
    private IFlow? _flow;
    private int _read;
    private int _written;

    /// <summary>Plays a script.</summary>
    public static IReadOnlyList<StageStep> Play(Func<Stage, Task> play)
    {
        IReadOnlyList<StageStep> steps = [];
        PacketScript.Run(async script =>
        {
            await script.Skip(TimeSpan.FromSeconds(5)); // The announcements of its address.
            var stage = new OurStage(script);
            script.AddConnection(StackPort, PeerPort, PeerInitial);
            await play(stage);
            steps = stage.Steps;
        });
        return steps;
    }

    protected override Task<string> DoListen(FlowOptions options)
    {
        _listener = script.Listen(StackPort, PeerPort, PeerInitial, new() { Flow = options });
        return Task.FromResult("");
    }

    protected override Task<string> DoConnect()
    {
        script.AddConnection(0, PeerPort, PeerInitial);
        _opening = script.Stack.Connect(new(script.Options.Peer, PeerPort), new());
        return Task.FromResult("");
    }

    protected override Task<string> DoConnected() => Opened("connected", "not yet");

    protected override Task<string> DoAccept()
    {
        _opening ??= _listener!.Listener.Accept().AsTask();
        return Opened("accepted", "nobody");
    }

    protected override Task<string> DoRead()
    {
        var (length, isRight) = (0, true);
        try
        {
            while (_flow!.Input.TryRead(out var result))
            {
                var bytes = result.Buffer.ToArray();
                var expected = new byte[bytes.Length];
                StreamPattern.Fill(expected, 1 + _read);
                isRight &= expected.AsSpan().SequenceEqual(bytes);
                length += bytes.Length;
                _read += bytes.Length;
                _flow.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return Task.FromResult(StageText.Read(length, isRight, "the end"));
            }
        }
        catch (FlowException broken)
        {
            return Task.FromResult(StageText.Read(length, isRight, StageText.Of(broken.Error)));
        }

        return Task.FromResult(StageText.Read(length, isRight, ""));
    }

    protected override Task<string> DoWrite(int length)
    {
        var bytes = new byte[length];
        StreamPattern.Fill(bytes, 1 + _written);
        _written += length;
        try
        {
            _flow!.Output.Write(bytes);
            var flush = _flow.Output.FlushAsync();
            if (flush.IsCompleted)
                flush.GetAwaiter().GetResult();
            return Task.FromResult("");
        }
        catch (FlowException broken)
        {
            return Task.FromResult(StageText.Of(broken.Error));
        }
    }

    protected override Task<string> DoClose()
    {
        _flow!.Output.Complete();
        return Task.FromResult("");
    }

    protected override async Task<string> DoDispose()
    {
        await _flow!.DisposeAsync();
        return "";
    }

    protected override Task<string> DoAbort()
    {
        _flow!.Abort();
        return Task.FromResult("");
    }

    protected override Task<string> DoState() =>
        Task.FromResult(StageText.Of(((ITcpFlow)_flow!).Info.State));

    protected override Task DoInject(Packet packet)
    {
        script.Inject(packet);
        return Task.CompletedTask;
    }

    protected override async Task<IReadOnlyList<Packet>> Answers()
    {
        IReadOnlyList<Packet> answers = [.. _arrived, .. await script.Skip(TimeSpan.Zero)];
        _arrived.Clear();
        return answers;
    }

    protected override async Task<Packet?> Next(TimeSpan limit)
    {
        for (var passed = TimeSpan.Zero; passed < limit && _arrived.Count == 0; passed += s_tick)
        {
            foreach (var packet in await script.Skip(s_tick))
                _arrived.Enqueue(packet);
        }

        return _arrived.TryDequeue(out var next) ? next : null;
    }

    private async Task<string> Opened(string done, string pending)
    {
        await Task.Yield();
        if (!_opening!.IsCompleted)
            return pending;
        var opened = await _opening;
        _opening = null;
        return opened.Match(flow => Take(flow, done), StageText.Of);
    }

    private string Take(IFlow flow, string done)
    {
        _flow = flow;
        return done;
    }
}
