using System.Text;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Listening, the limit of connections, and stopping in order.</summary>
public sealed class HttpServerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    [Fact]
    public void PortInUse_IsAnError()
    {
        using var host = new SimHost();
        var http = HttpServer<TestTcp>.Over(new TestTcp(new TestTcp.Ports(host)), host);
        Assert.Equal(
            new TcpError.PortInUse(1), HttpServer<TestTcp>.Listen(http, 1, Handler.Hello).LeftToList().Single());
    }

    [Fact]
    public void ConnectionsBeyondTheLimit_AreAnsweredBy503_UntilOneIsFree() =>
        Run(new() { ConnectionsMax = 2 }, async world =>
    {
        var (first, second, third) = (world.Connect(), world.Connect(), world.Connect());
        Assert.Equal(200, await Ask(first));
        Assert.Equal(200, await Ask(second));
        Assert.Equal(503, await Read(third));
        await third.DisposeAsync();
        await first.DisposeAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(10), world.Host.Time);
        Assert.Equal(200, await Ask(world.Connect()));
        Assert.Equal(2, world.Listener.ConnectionCount);
    });

    [Fact]
    public void AcceptThatFails_IsTriedAgain() => Run(new(), async world =>
    {
        world.Ports.Failures.Enqueue(new TcpError.TooManyConnections());
        Assert.Equal(200, await Ask(world.Connect()));
        Assert.Equal(200, await Ask(world.Connect()));
    });

    [Fact]
    public void Stop_ClosesIdleConnectionsAtOnce() => Run(new(), async world =>
    {
        var (fresh, used) = (world.Connect(), world.Connect());
        Assert.Equal(200, await Ask(used));
        await world.Listener.DisposeAsync();
        Assert.Equal(0, world.Host.Loop.NowNs);
        Assert.True((await fresh.Input.ReadAsync()).IsCompleted);
        Assert.True((await used.Input.ReadAsync()).IsCompleted);
        Assert.Equal(0, world.Listener.ConnectionCount);
        Assert.True(world.Ports.Accepted.TrueForAll(flow => flow is { IsDisposed: true, IsAborted: false }));
    });

    [Fact]
    public void Stop_LetsRequestsUnderWayFinish() => Run(new(), async world =>
    {
        var flow = world.Connect();
        await Send(flow, "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
        await Task.Delay(TimeSpan.FromSeconds(1), world.Host.Time);
        var stopping = world.Listener.DisposeAsync();
        Assert.Equal(200, await Read(flow));
        await flow.DisposeAsync();
        await stopping;
        Assert.InRange(world.Host.Loop.NowNs, 3_000_000_000, 3_100_000_000);
    });

    [Fact]
    public void Stop_ResetsWhatIsNotDoneAtItsLimit() =>
        Run(new() { StopLimit = TimeSpan.FromSeconds(5) }, async world =>
    {
        var flow = world.Connect();
        await Send(flow, "GET /9 HTTP/1.1\r\nHost: h\r\n\r\n");
        await Task.Delay(TimeSpan.FromSeconds(1), world.Host.Time);
        await world.Listener.DisposeAsync();
        Assert.Equal(6_000_000_000, world.Host.Loop.NowNs);
        Assert.True(world.Aborted);
        await Assert.ThrowsAsync<FlowException>(() => Read(flow));
    });

    [Fact]
    public void Run_EndsWithItsToken() => Run(new(), async world =>
    {
        using var stop = new CancellationTokenSource();
        var running = world.Listener.Run(stop.Token);
        Assert.Equal(200, await Ask(world.Connect()));
        await stop.CancelAsync();
        await running;
        Assert.Equal(0, world.Listener.ConnectionCount);
    });

    private static void Run(HttpOptions options, Func<World, Task> test)
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var ports = new TestTcp.Ports(host);
            var world = new World(host, ports);
            var http = HttpServer<TestTcp>.Over(new TestTcp(ports), host);
            world.Listener = HttpServer<TestTcp>.Listen(http, 80, new Handler(async (request, response) =>
            {
                using var registration = request.Aborted.Register(() => world.Aborted = true);
                if (request.Path.Length > 1)
                    await Task.Delay(TimeSpan.FromSeconds(request.Path[1] - '0'), host.Time);
                await response.Send("ok"u8);
            }), options).RightToList().Single();
            await test(world);
            await HttpServer<TestTcp>.Disconnect(http);
        });
    }

    private static async Task<int> Ask(IFlow flow)
    {
        await Send(flow, Get);
        return await Read(flow);
    }

    private static async Task Send(IFlow flow, string text) =>
        await flow.Output.WriteAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<int> Read(IFlow flow)
    {
        var read = await flow.Input.ReadAsync();
        var text = Encoding.ASCII.GetString(read.Buffer);
        flow.Input.AdvanceTo(read.Buffer.End);
        return Response.Read(text).Status;
    }

    private sealed class World(SimHost host, TestTcp.Ports ports)
    {
        public SimHost Host { get; } = host;

        public TestTcp.Ports Ports { get; } = ports;

        public IHttpListener Listener { get; set; } = null!;

        public bool Aborted { get; set; }

        public IFlow Connect() => Ports.Connect().RightToList().Single();
    }
}
