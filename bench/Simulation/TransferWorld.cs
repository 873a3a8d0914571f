using System.IO.Pipelines;

namespace Mirage.Bench;

/// <summary>A megabyte from one machine to another over a link of 40 ms round trip that loses 2 % of frames each
/// way.</summary>
internal sealed class TransferWorld
{
    private const int Bytes = 1_000_000;
    private const ushort Port = 80;

    private readonly SimWorld _world;
    private long _received;

    public TransferWorld(ulong seed)
    {
        _world = new SimWorld(seed);
        var net = _world.AddNet(model: new LinkModel
        {
            Latency = Latency.Fixed(TimeSpan.FromMilliseconds(20)),
            LossPermille = 20,
        });
        var (server, client) = (_world.AddMachine("server"), _world.AddMachine("client"));
        net.Attach(server);
        net.Attach(client);
        server.Run(Receive);
        client.Run(Send);
    }

    public double Seconds => _world.Now.TotalSeconds;

    public long Lost => _world.Faults["lost"];

    public void Run() => _world.Await("the transfer", () => _received == Bytes, TimeSpan.FromHours(1));

    private static TcpIp<SimNetif> Stack(SimHost host, string address) =>
        TcpIp<SimNetif>.Create(host, SimNetif.On(host), Cidr.Parse(address));

    private async ValueTask Receive(SimHost host)
    {
        await using var listener = Sure.Right(TcpIp<SimNetif>.Listen(Stack(host, "10.0.0.1/24"), Port));
        await using var flow = Sure.Right(await listener.Accept());
        ReadResult read;
        do
        {
            read = await flow.Input.ReadAsync();
            _received += read.Buffer.Length;
            flow.Input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    private static async ValueTask Send(SimHost host)
    {
        var server = new Endpoint(IpAddress.Parse("10.0.0.1"), Port);
        await using var flow = Sure.Right(await TcpIp<SimNetif>.Connect(Stack(host, "10.0.0.2/24"), server));
        await flow.Output.WriteAsync(new byte[Bytes]);
        await flow.Output.CompleteAsync();
        await flow.Input.ReadAsync();
    }
}
