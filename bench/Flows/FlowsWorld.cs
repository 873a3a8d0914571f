using System.Diagnostics;
using System.IO.Pipelines;

namespace Mirage.Bench;

/// <summary>Two machines with many connections between them, of which a few have something to say.</summary>
internal sealed class FlowsWorld
{
    private const int FlowsOfPort = 20_000; // Of one port of the server: the client's ephemeral ports are 28,000.
    private const ushort FirstPort = 1000;

    private readonly SimWorld _world = new(1);
    private readonly List<IFlow> _flows = [];
    private readonly int _count;
    private readonly Queue<IFlow> _asking = new();
    private SimHost? _client;
    private long _echoes;

    /// <summary>Opens <paramref name="count"/> connections.</summary>
    public FlowsWorld(int count)
    {
        _count = count;
        var net = _world.AddNet();
        var (server, client) = (_world.AddMachine("server"), _world.AddMachine("client"));
        net.Attach(server);
        net.Attach(client);
        server.Run(Serve);
        client.Run(Connect);
        _world.Await("the connections", () => _flows.Count == count, TimeSpan.FromHours(1));
        _world.Run(TimeSpan.FromSeconds(5)); // What a handshake needs is let go.
    }

    /// <summary>Nanoseconds that one byte takes to the server and back, of <paramref name="rounds"/> over
    /// <paramref name="active"/> of the connections: four segments at least, in two stacks.</summary>
    public double Exchange(int active, int rounds)
    {
        var step = _count / active;
        for (var index = 0; index < rounds; index++)
            _asking.Enqueue(_flows[index % active * step]);
        var until = _echoes + rounds;
        var started = Stopwatch.GetTimestamp();
        _client!.Loop.Post(static self => ((FlowsWorld)self!).AskNext(), this);
        _world.Await("the echoes", () => _echoes >= until, TimeSpan.FromHours(10));
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / rounds;
    }

    private void AskNext()
    {
        if (_asking.TryDequeue(out var flow))
            _ = Ask(flow);
    }

    private async Task Ask(IFlow flow)
    {
        flow.Output.GetSpan(1)[0] = 1;
        flow.Output.Advance(1);
        await flow.Output.FlushAsync();
        var read = await flow.Input.ReadAsync();
        flow.Input.AdvanceTo(read.Buffer.End);
        _echoes++;
        AskNext();
    }

    private async ValueTask Serve(SimHost host)
    {
        var stack = Stack(host, "10.0.0.1/16");
        for (var port = 0; port <= _count / FlowsOfPort; port++)
            _ = Accept(Sure.Right(TcpIp<SimNetif>.Listen(stack, (ushort)(FirstPort + port))));
        await Task.Delay(Timeout.InfiniteTimeSpan, host.Time);
    }

    private static async Task Accept(IListener listener)
    {
        while (true)
            _ = Echo(Sure.Right(await listener.Accept()));
    }

    private static async Task Echo(IFlow flow)
    {
        ReadResult read;
        do
        {
            read = await flow.Input.ReadAsync();
            foreach (var part in read.Buffer)
                await flow.Output.WriteAsync(part);
            flow.Input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    private async ValueTask Connect(SimHost host)
    {
        _client = host;
        var stack = Stack(host, "10.0.0.2/16");
        for (var number = 0; number < _count; number++)
        {
            var server = new Endpoint(IpAddress.Parse("10.0.0.1"), (ushort)(FirstPort + (number / FlowsOfPort)));
            _flows.Add(Sure.Right(await TcpIp<SimNetif>.Connect(stack, server)));
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, host.Time);
    }

    private static TcpIp<SimNetif> Stack(SimHost host, string address) =>
        TcpIp<SimNetif>.Create(host, SimNetif.On(host), Cidr.Parse(address));
}
