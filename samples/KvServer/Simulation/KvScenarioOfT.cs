using System.Globalization;

/// <summary>A server with a disk and three clients, whose power, links and clocks fail: every acknowledged write is
/// kept, and all clients see one store.</summary>
/// <typeparam name="TBlock">The disk as the server sees it: what stands between it and
/// <see cref="SimBlock"/>.</typeparam>
internal sealed class KvScenario<TBlock> : Scenario where TBlock : struct, IBlock<TBlock>
{
    private const int Clients = 3;
    private const int SectorSize = 512;
    private const int Sectors = 4096;

    private readonly List<SimMachine> _clients = [];
    private KvHistory? _history;

    /// <inheritdoc/>
    public override string Name => "kv";

    /// <inheritdoc/>
    public override TimeSpan Duration => TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public override TimeSpan CheckInterval => TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override void Build(SimWorld world)
    {
        var history = _history = new KvHistory(world);
        var net = world.AddNet(model: new LinkModel
        {
            Latency = Latency.Exponential(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)),
        });
        var server = world.AddMachine("server");
        net.Attach(server);
        server.Attach("", new SimDisk(SectorSize, Sectors, world.Random("disk").Next())
        {
            WriteLatency = Latency.Uniform(TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(2)),
            FlushLatency = Latency.Uniform(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(10)),
        });
        server.Boot<KvServer<TcpIp<SimNetif>, TBlock>>("--ipv4=10.0.0.1/24");
        for (var number = 0; number < Clients; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"client{number}");
            var address = Cidr.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.0.{number + 10}/24"));
            var client = world.AddMachine(name);
            _clients.Add(client);
            net.Attach(client);
            client.Run(host => new KvClient<TcpIp<SimNetif>>(
                host, TcpIp<SimNetif>.Create(host, SimNetif.On(host), address), history, name).Run());
        }
    }

    /// <inheritdoc/>
    public override FaultPlan DrawFaults(SimWorld world, SplitMix64 random)
    {
        string[] all = [.. world.Machines.Select(static machine => machine.Name)];
        return new FaultShape
        {
            Duration = Duration,
            Crashing = all,
            Partitioned = all,
            Pausing = all,
            Clocks = all,
            Links = true,
        }.Draw(random);
    }

    /// <inheritdoc/>
    public override void Check(SimWorld world)
    {
        _history!.Check();
        _history.IsClosed = world.Now >= Duration;
    }

    /// <inheritdoc/>
    public override bool IsSettled(SimWorld world) =>
        _clients.TrueForAll(static client => client.Exit is ExitCode.Done);
}
