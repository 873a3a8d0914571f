using System.IO.Pipelines;
using LanguageExt;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Two machines whose one flow carries bytes in both directions at once, each compared with what was
/// written.</summary>
internal sealed class ExactWorld
{
    private const ushort Port = 80;
    private const int WriteBytes = 5000;
    private static readonly TimeSpan s_most = TimeSpan.FromHours(2);
    private readonly SimNet _net;
    private readonly SimMachine _server;
    private readonly SimMachine _client;
    private readonly int _length;
    private int _done;

    public ExactWorld(ulong seed, LinkModel model, int length) : this(length, seed, model) => Start<Cubic>();

    private ExactWorld(int length, ulong seed, LinkModel model)
    {
        _length = length;
        World = new SimWorld(seed);
        _net = World.AddNet(model: model);
        (_server, _client) = (World.AddMachine("server"), World.AddMachine("client"));
        _net.Attach(_server);
        _net.Attach(_client);
    }

    public SimWorld World { get; }

    /// <summary>The same with another congestion control.</summary>
    public static ExactWorld Of<TCongestion>(ulong seed, LinkModel model, int length)
        where TCongestion : struct, ICongestionControl
    {
        var world = new ExactWorld(length, seed, model);
        world.Start<TCongestion>();
        return world;
    }

    /// <summary>Nothing passes for <paramref name="time"/>, from <paramref name="after"/> on.</summary>
    public void Outage(TimeSpan after, TimeSpan time)
    {
        World.Run(after);
        Assert.True(_done == 0, "It goes on.");
        using (_net.Partition(_server))
            World.Run(time);
    }

    /// <summary>Runs until both ends have read all that the other one wrote.</summary>
    public void Run() => World.Await("both streams", () => _done == 2, s_most);

    // The two streams differ, so that none can be taken for the other.
    private static byte At(int place, int stream) => (byte)((place * 31) + (place >> 8) + stream);

    private void Start<TCongestion>()
        where TCongestion : struct, ICongestionControl
    {
        _server.Run(Serve<TCongestion>);
        _client.Run(Connect<TCongestion>);
    }

    private async ValueTask Serve<TCongestion>(SimHost host)
        where TCongestion : struct, ICongestionControl
    {
        var stack = Stack<TCongestion>(host, "10.0.0.1/24");
        await using var listener = Right(TcpIp<SimNetif, TCongestion>.Listen(stack, Port));
        await using var flow = Right(await listener.Accept());
        await Exchange(flow, writes: 1, reads: 2, host);
    }

    private async ValueTask Connect<TCongestion>(SimHost host)
        where TCongestion : struct, ICongestionControl
    {
        var stack = Stack<TCongestion>(host, "10.0.0.2/24");
        var server = new Endpoint(IpAddress.Parse("10.0.0.1"), Port);
        await using var flow = Right(await TcpIp<SimNetif, TCongestion>.Connect(stack, server));
        await Exchange(flow, writes: 2, reads: 1, host);
    }

    // A machine whose program returns is off, and sends nothing again: it stays for the other one's sake.
    private async Task Exchange(IFlow flow, int writes, int reads, SimHost host)
    {
        var writing = Write(flow.Output, writes);
        await Read(flow.Input, reads);
        await writing;
        _done++;
        await Task.Delay(Timeout.InfiniteTimeSpan, host.Time);
    }

    private async Task Write(PipeWriter output, int stream)
    {
        for (var sent = 0; sent < _length;)
        {
            var memory = output.GetMemory(WriteBytes)[..Math.Min(WriteBytes, _length - sent)];
            for (var index = 0; index < memory.Length; index++)
                memory.Span[index] = At(sent + index, stream);
            output.Advance(memory.Length);
            sent += memory.Length;
            await output.FlushAsync();
        }

        await output.CompleteAsync();
    }

    private async Task Read(PipeReader input, int stream)
    {
        var place = 0;
        while (true)
        {
            var read = await input.ReadAsync();
            foreach (var memory in read.Buffer)
            {
                foreach (var value in memory.Span)
                {
                    if (value != At(place, stream))
                        Assert.Fail($"Byte {place} of stream {stream} is another one.");
                    place++;
                }
            }

            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        Assert.Equal(_length, place);
    }

    private static TcpIp<SimNetif, TCongestion> Stack<TCongestion>(SimHost host, string address)
        where TCongestion : struct, ICongestionControl =>
        TcpIp<SimNetif, TCongestion>.Create(host, SimNetif.On(host), Cidr.Parse(address));

    private static T Right<TError, T>(Either<TError, T> outcome) where TError : notnull => outcome.Match(
        Left: static error => throw new InvalidOperationException(error.ToString()), Right: static value => value);
}
