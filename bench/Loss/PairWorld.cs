using System.IO.Pipelines;
using LanguageExt;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Bench;

/// <summary>Two flows in bulk that share the bottleneck of a <see cref="LossCell"/>, the second some time after the
/// first.</summary>
public sealed class PairWorld
{
    private const ushort Port = 80;
    private const int WriteBytes = 16 * 1024;
    private static readonly byte[] s_data = new byte[WriteBytes];

    private readonly SimWorld _world;
    private readonly long[] _received = new long[2];
    private readonly ITcpFlow?[] _flows = new ITcpFlow?[2];

    private PairWorld(LossCell cell, ulong seed)
    {
        _world = new SimWorld(seed);
        Net = _world.AddNet(model: cell.Model);
        (Server, Client) = (_world.AddMachine("server"), _world.AddMachine("client"));
        Net.Attach(Server);
        Net.Attach(Client);
        Server.Run(Receive);
    }

    private SimNet Net { get; }

    private SimMachine Server { get; }

    private SimMachine Client { get; }

    /// <summary>Two flows of these algorithms, of which the second begins <paramref name="later"/>.</summary>
    public static PairWorld Of<TFirst, TSecond>(LossCell cell, ulong seed, TimeSpan later)
        where TFirst : struct, ICongestionControl
        where TSecond : struct, ICongestionControl
    {
        ArgumentNullException.ThrowIfNull(cell);
        Turns<TFirst, TSecond>.Begin();
        var world = new PairWorld(cell, seed);
        world.Client.Run(host => world.Send<Turns<TFirst, TSecond>>(host, later));
        return world;
    }

    /// <summary>Two flows of the algorithms of these names.</summary>
    public static PairWorld Of(LossSender first, LossSender second, LossCell cell, ulong seed, TimeSpan later) =>
        (first, second) switch
        {
            (LossSender.Bbr, LossSender.Bbr) => Of<Bbr, Bbr>(cell, seed, later),
            (LossSender.Bbr, _) => Of<Bbr, Cubic>(cell, seed, later),
            (_, LossSender.Bbr) => Of<Cubic, Bbr>(cell, seed, later),
            _ => Of<Cubic, Cubic>(cell, seed, later),
        };

    /// <summary>What the sender knows of a flow.</summary>
    public TcpInfo Info(int flow) => _flows[flow]?.Info ?? default;

    /// <summary>What both receive a second, 10⁶ bits, in the next <paramref name="time"/>.</summary>
    public (double First, double Second) Megabits(TimeSpan time)
    {
        var (first, second) = (_received[0], _received[1]);
        _world.Run(time);
        return (Rate(_received[0] - first), Rate(_received[1] - second));

        double Rate(long bytes) => bytes * 8 / 1e6 / time.TotalSeconds;
    }

    private async ValueTask Receive(SimHost host)
    {
        var stack = TcpIp<SimNetif>.Create(host, SimNetif.On(host), Cidr.Parse("10.0.0.1/24"));
        await using var listener = Right(TcpIp<SimNetif>.Listen(stack, Port));
        var first = Count(Right(await listener.Accept()).Input, 0);
        var second = Count(Right(await listener.Accept()).Input, 1);
        await Task.WhenAll(first, second);
    }

    private async Task Count(PipeReader input, int flow)
    {
        ReadResult read;
        do
        {
            read = await input.ReadAsync();
            _received[flow] += read.Buffer.Length;
            input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    private async ValueTask Send<TCongestion>(SimHost host, TimeSpan later)
        where TCongestion : struct, ICongestionControl
    {
        var stack = TcpIp<SimNetif, TCongestion>.Create(host, SimNetif.On(host), Cidr.Parse("10.0.0.2/24"));
        var server = new Endpoint(IpAddress.Parse("10.0.0.1"), Port);
        var first = Fill(Right(await TcpIp<SimNetif, TCongestion>.Connect(stack, server)), 0);
        await Task.Delay(later, host.Time);
        var second = Fill(Right(await TcpIp<SimNetif, TCongestion>.Connect(stack, server)), 1);
        await Task.WhenAll(first, second);
    }

    private async Task Fill(IFlow flow, int index)
    {
        _flows[index] = flow as ITcpFlow;
        while (!(await flow.Output.WriteAsync(s_data)).IsCompleted)
        {
            // It sends until the world ends.
        }
    }

    private static T Right<TError, T>(Either<TError, T> outcome) where TError : notnull => outcome.Match(
        Left: static error => throw new InvalidOperationException(error.ToString()), Right: static value => value);
}
