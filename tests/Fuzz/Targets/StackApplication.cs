using Mirage.Net;

namespace Mirage.Fuzz;

/// <summary>What an application does with a stack, as a script says: listen, connect, read, write, close.</summary>
internal sealed class StackApplication : IDisposable
{
    private const int FlowsMax = 64;
    private readonly TcpIp<VirtualPort> _stack;
    private readonly List<IFlow> _flows = [];
    private readonly List<Task> _tasks = [];
    private readonly List<Task> _flushes = []; // Of flows that nobody may read any more: some never end.
    private readonly CancellationTokenSource _end = new();
    private readonly Action<string> _reach;
    private int _binds;
    private UdpPort? _port;
    private IListener? _listener;

    /// <param name="stack">The stack.</param>
    /// <param name="reach">Hears what was come to.</param>
    public StackApplication(TcpIp<VirtualPort> stack, Action<string> reach)
    {
        (_stack, _reach) = (stack, reach);
        Bind();
        Listen();
    }

    public void Do(ByteScript script)
    {
        switch (script.Next(9))
        {
            case 0 when _flows.Count < FlowsMax:
                var remote = new Endpoint(IpAddress.FromV4(0x0A00_0001 + (uint)script.Next(3)), 9);
                _tasks.Add(Connect(remote));
                break;
            case 1 when _port is not null:
                var payload = new byte[script.Next(4000)];
                _ = TcpIp<VirtualPort>.WriteSegments(
                    _stack, _port, new(IpAddress.FromV4(0x0A00_0001), 9), new(payload), _binds * 1000);
                break;
            case 2:
                _tasks.Add(TcpIp<VirtualPort>.Echo(
                    _stack, IpAddress.FromV4(0x0A00_0001 + (uint)script.Next(3)), new byte[8], _end.Token).AsTask());
                break;
            case 3:
                if (_listener is { } listener)
                    _tasks.Add(listener.DisposeAsync().AsTask());
                Listen();
                break;
            case 4:
                _port?.Dispose();
                Bind();
                break;
            case >= 5 when _flows.Count > 0:
                Use(_flows[script.Next(_flows.Count)], script);
                break;
        }
    }

    /// <summary>Lets go of everything.</summary>
    public void Close()
    {
        _end.Cancel();
        foreach (var flow in _flows)
            _tasks.Add(flow.DisposeAsync().AsTask());
    }

    public void Dispose() => _end.Dispose();

    /// <summary>Completes when everything that was begun is over.</summary>
    public async Task Over()
    {
        foreach (var flow in _flows)
            await flow.DisposeAsync();
        foreach (var task in _tasks)
            await Task.WhenAny(task); // What it threw is not for whoever waits.
    }

    // Each kind of binding in turn.
    private void Bind()
    {
        var options = (_binds++ % 3) switch
        {
            0 => default,
            1 => new BindOptions { Remote = new(IpAddress.FromV4(0x0A00_0001), 9) },
            _ => new BindOptions
            {
                LocalAddress = TcpIp<VirtualPort>.Addresses(_stack)[0].Address,
                ReportsErrors = true,
            },
        };
        _port = TcpIp<VirtualPort>.Bind(_stack, 7, new Sink(_reach), options)
            .Match<UdpPort?>(static port => port, static _ => null);
    }

    private void Listen()
    {
        _listener = TcpIp<VirtualPort>.Listen(_stack, 80)
            .Match<IListener?>(static listener => listener, static _ => null);
        if (_listener is { } listener)
            _tasks.Add(Accept(listener));
    }

    private async Task Accept(IListener listener)
    {
        while ((await listener.Accept()).Case is IFlow flow)
        {
            _reach("a flow accepted");
            _flows.Add(flow);
        }
    }

    private async Task Connect(Endpoint remote)
    {
        try
        {
            if ((await TcpIp<VirtualPort>.Connect(_stack, remote, _end.Token)).Case is not IFlow flow)
                return;
            _reach("a flow connected");
            _flows.Add(flow);
        }
        catch (OperationCanceledException)
        {
            // The script was over before the peer had answered.
        }
    }

    private void Use(IFlow flow, ByteScript script)
    {
        try
        {
            switch (script.Next(6))
            {
                case 0 or 1:
                    if (!flow.Input.TryRead(out var read))
                        break;
                    _reach(read.Buffer.IsEmpty ? "an end read" : "bytes read");
                    flow.Input.AdvanceTo(read.Buffer.GetPosition(script.Next((int)read.Buffer.Length + 1)));
                    break;
                case 2 or 3:
                    var room = flow.Output.GetMemory(1).Span;
                    flow.Output.Advance(Math.Min(room.Length, script.Next(3000)));
                    _flushes.Add(flow.Output.FlushAsync().AsTask());
                    break;
                case 4:
                    flow.Output.Complete();
                    break;
                default:
                    flow.Abort();
                    break;
            }
        }
        catch (Exception error) when (error is FlowException or InvalidOperationException)
        {
            // The connection is over, or this end of it: an application hears that.
        }
    }

    private readonly struct Sink(Action<string> reach) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) => reach("a datagram");

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
