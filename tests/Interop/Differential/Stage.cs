using Mirage.Testing;

namespace Mirage.Interop;

/// <summary>One stack under a script, seen from outside: what it sends, and what its application sees.</summary>
/// <remarks>A script is played on a stage of each stack. Every step leaves a line, and the lines of two stages are
/// compared. No time is in them: what comes before the answer to a step is complete comes at once, and all else
/// later.</remarks>
internal abstract class Stage
{
    public const ushort StackPort = 80, PeerPort = 4321;
    public const uint PeerInitial = 5000;

    // Longer than a timeout of a second that was doubled once.
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private const int FillMax = 200;

    private readonly List<StageStep> _steps = [];
    private readonly Queue<Packet> _pending = [];
    private readonly SegmentLines _lines = new();

    /// <summary>What happened, step by step.</summary>
    public IReadOnlyList<StageStep> Steps => _steps;

    /// <summary>The application listens.</summary>
    public Task Listen(FlowOptions options = default) => Act("listen", () => DoListen(options));

    /// <summary>The application connects to the peer.</summary>
    public Task Connect() => Act("connect", DoConnect);

    /// <summary>The application looks what came of <see cref="Connect"/>.</summary>
    public Task Connected() => Act("connected?", DoConnected);

    /// <summary>The application accepts a connection, if there is one.</summary>
    public Task Accept() => Act("accept", DoAccept);

    /// <summary>The application reads all there is.</summary>
    public Task Read() => Act("read", DoRead);

    /// <summary>The application reads all there is, however much that is.</summary>
    public Task Drain() => Act("drain", async () =>
    {
        await DoRead();
        return "";
    });

    /// <summary>The application writes bytes of <see cref="StreamPattern"/>.</summary>
    public Task Write(int length) => Act($"write {length}", () => DoWrite(length));

    /// <summary>The application ends its stream.</summary>
    public Task Close() => Act("close", DoClose);

    /// <summary>The application is done with the connection.</summary>
    public Task Dispose() => Act("dispose", DoDispose);

    /// <summary>The application resets the connection.</summary>
    public Task Abort() => Act("abort", DoAbort);

    /// <summary>The application asks for the state of the connection.</summary>
    public Task State() => Act("state?", DoState);

    /// <summary>After <see cref="Fill"/>, the number behind all that the window took.</summary>
    public int Edge => _lines.Edge ?? throw new InvalidOperationException("The window was not filled.");

    /// <summary>The peer sends a packet; <paramref name="label"/> names it where its numbers depend on the
    /// stack.</summary>
    public Task Inject(Packet packet, string? label = null) => InjectAll(label ?? $"< {packet}", packet);

    /// <summary>The peer sends packets, one right behind the other.</summary>
    public async Task InjectAll(string label, params Packet[] packets)
    {
        foreach (var packet in packets)
            await DoInject(packet);
        await End(label, []);
    }

    /// <summary>The peer sends until the window is shut: how much that takes is the stack's own affair.</summary>
    public async Task Fill()
    {
        for (var count = 0; count < FillMax && _lines.Edge is null; count++)
        {
            await DoInject(PacketVocabulary.Data(1 + (count * 1000), 1, 1000).Window(30_000));
            _lines.Edge = (await Answers()).OfType<Segment>().FirstOrDefault(answer => answer.WindowField == 0)
                ?.Acknowledgment;
        }

        _steps.Add(new("fill", [_lines.Edge is null ? "no end" : "shut"]));
    }

    /// <summary>A connection of the peer's making, up to its acceptance, with SACK and with a maximum segment size of
    /// 1000.</summary>
    public async Task Establish(FlowOptions options = default)
    {
        await Listen(options);
        await Inject(PacketVocabulary.Syn().Mss(1000).SackPermitted().Window(30_000));
        await Inject(PacketVocabulary.Ack(1, 1).Window(30_000));
        await Accept();
    }

    /// <summary>Time passes until so many packets have come.</summary>
    public async Task Later(int count = 1)
    {
        while (_pending.Count < count && await Next(Patience) is { } packet)
            _pending.Enqueue(packet);
        var lines = new List<string>();
        for (; count > 0 && _pending.TryDequeue(out var packet); count--)
            lines.Add(_lines.Of(packet, isLate: true));
        _steps.Add(new("later", lines));
    }

    protected abstract Task<string> DoListen(FlowOptions options);

    protected abstract Task<string> DoConnect();

    protected abstract Task<string> DoConnected();

    protected abstract Task<string> DoAccept();

    protected abstract Task<string> DoRead();

    protected abstract Task<string> DoWrite(int length);

    protected abstract Task<string> DoClose();

    protected abstract Task<string> DoDispose();

    protected abstract Task<string> DoAbort();

    protected abstract Task<string> DoState();

    protected abstract Task DoInject(Packet packet);

    /// <summary>What has come by now.</summary>
    protected abstract Task<IReadOnlyList<Packet>> Answers();

    /// <summary>The next packet, or null when none comes within <paramref name="limit"/>.</summary>
    protected abstract Task<Packet?> Next(TimeSpan limit);

    private async Task Act(string label, Func<Task<string>> act)
    {
        var outcome = await act();
        await End(label, outcome.Length == 0 ? [] : [outcome]);
    }

    private async Task End(string label, List<string> lines)
    {
        while (_pending.TryDequeue(out var packet))
            lines.Add(_lines.Of(packet, isLate: true));
        foreach (var packet in await Answers())
            lines.Add(_lines.Of(packet, isLate: false));
        _steps.Add(new(label, lines));
    }
}
