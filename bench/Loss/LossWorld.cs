using System.IO.Pipelines;
using LanguageExt;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Bench;

/// <summary>One flow in bulk over the bottleneck of a <see cref="LossCell"/>, in virtual time.</summary>
public sealed class LossWorld
{
    private const ushort Port = 80;
    private const int WriteBytes = 16 * 1024;
    private static readonly byte[] s_data = new byte[WriteBytes];

    private readonly SimWorld _world;
    private long _received;
    private ITcpFlow? _flow;

    public LossWorld(LossCell cell, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(cell);
        _world = new SimWorld(seed);
        var net = _world.AddNet(model: cell.Model);
        var (server, client) = (_world.AddMachine("server"), _world.AddMachine("client"));
        net.Attach(server);
        net.Attach(client);
        switch (cell.Sender)
        {
            case LossSender.Cubic:
                Run<SimNetif, Cubic>(server, client, static host => SimNetif.On(host));
                break;
            case LossSender.NewReno:
                Run<SimNetif, NewReno>(server, client, static host => SimNetif.On(host));
                break;
            case LossSender.Bbr:
                Run<SimNetif, Bbr>(server, client, static host => SimNetif.On(host));
                break;
            default:
                Run<SacklessNetif, NewReno>(server, client, static host => new SacklessNetif(SimNetif.On(host)));
                break;
        }
    }

    /// <summary>What the sender knows.</summary>
    public TcpInfo Info => _flow?.Info ?? default;

    /// <summary>What the application has received a second, 10⁶ bits, in a run of <paramref name="time"/>.</summary>
    public static double Megabits(LossCell cell, ulong seed, TimeSpan time)
    {
        var world = new LossWorld(cell, seed);
        return world.Megabits(time);
    }

    /// <summary>What the application receives a second, 10⁶ bits, in the next <paramref name="time"/>.</summary>
    public double Megabits(TimeSpan time)
    {
        var before = _received;
        _world.Run(time);
        return (_received - before) * 8 / 1e6 / time.TotalSeconds;
    }

    private void Run<TNetwork, TCongestion>(SimMachine server, SimMachine client, Func<SimHost, TNetwork> open)
        where TNetwork : struct, INetwork<TNetwork>
        where TCongestion : struct, ICongestionControl
    {
        server.Run(host => Receive<TNetwork, TCongestion>(host, open(host)));
        client.Run(host => Send<TNetwork, TCongestion>(host, open(host)));
    }

    private async ValueTask Receive<TNetwork, TCongestion>(SimHost host, TNetwork network)
        where TNetwork : struct, INetwork<TNetwork>
        where TCongestion : struct, ICongestionControl
    {
        var stack = TcpIp<TNetwork, TCongestion>.Create(host, network, Cidr.Parse("10.0.0.1/24"));
        await using var listener = Right(TcpIp<TNetwork, TCongestion>.Listen(stack, Port));
        await using var flow = Right(await listener.Accept());
        ReadResult read;
        do
        {
            read = await flow.Input.ReadAsync();
            _received += read.Buffer.Length;
            flow.Input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    private async ValueTask Send<TNetwork, TCongestion>(SimHost host, TNetwork network)
        where TNetwork : struct, INetwork<TNetwork>
        where TCongestion : struct, ICongestionControl
    {
        var stack = TcpIp<TNetwork, TCongestion>.Create(host, network, Cidr.Parse("10.0.0.2/24"));
        var server = new Endpoint(IpAddress.Parse("10.0.0.1"), Port);
        await using var flow = Right(await TcpIp<TNetwork, TCongestion>.Connect(stack, server));
        _flow = flow as ITcpFlow;
        while (!(await flow.Output.WriteAsync(s_data)).IsCompleted)
        {
            // It sends until the world ends.
        }
    }

    private static T Right<TError, T>(Either<TError, T> outcome) where TError : notnull => outcome.Match(
        Left: static error => throw new InvalidOperationException(error.ToString()), Right: static value => value);
}
