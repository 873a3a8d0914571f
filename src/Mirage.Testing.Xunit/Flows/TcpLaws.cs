using System.Runtime.CompilerServices;
using Xunit;

namespace Mirage.Testing;

/// <summary>What opening and accepting connections obeys, RFC 9293 section 3.9.1, and what every connection of it
/// does.</summary>
/// <typeparam name="TTcp">The transport under test.</typeparam>
public abstract partial class TcpLaws<TTcp> : FlowLaws<TTcp> where TTcp : struct, ITcp<TTcp>
{
    private readonly TransportEnds<TTcp> _ends;

    /// <summary>The suite of a class.</summary>
    protected TcpLaws() => _ends = new(ConnectEnds);

    /// <summary>Makes two transports that reach each other, or one that reaches itself, on the loop of
    /// <paramref name="host"/>.</summary>
    protected abstract ValueTask<StackEnds<TTcp>> ConnectEnds(Host host);

    /// <inheritdoc/>
    protected override ValueTask<TTcp> Connect(Host host) => _ends.Connect(host);

    /// <inheritdoc/>
    protected override ValueTask Release(Host host, TTcp device) => _ends.Disconnect(host);

    /// <inheritdoc/>
    protected override async ValueTask<(IFlow One, IFlow Other)> ConnectFlows(Host host, TTcp source)
    {
        await using var listener = Listen(host);
        var accepting = listener.Accept().AsTask();
        var one = await TTcp.Connect(source, listener.Reachable);
        return (Value(one), Value(await accepting));
    }

    /// <summary>Both ends of a connection agree on its ends, and those are the listener's and a port of the
    /// client.</summary>
    [Fact]
    public void TC1_BothEndsAgreeOnTheirEndpoints() => CheckEnds(async (run, ends) =>
    {
        await using var listener = Listen(run, ends);
        run.ExpectEqual(listener.Reachable.Port, listener.Port);
        var client = await Connect(run, ends, listener.Reachable);
        var server = await Accept(run, listener);
        run.ExpectEqual($"{listener.Reachable}", $"{client.Remote}");
        run.ExpectEqual($"{listener.Reachable}", $"{server.Local}");
        run.ExpectEqual($"{client.Local}", $"{server.Remote}");
        run.Expect(client.Local.Port != 0, "a port of the client", "none");
    });

    /// <summary>An accept waits for a connection and completes with it.</summary>
    [Fact]
    public void TC1_AcceptWaitsForAConnection() => CheckEnds(async (run, ends) =>
    {
        await using var listener = Listen(run, ends);
        run.Step("Accept");
        var accepting = run.Call(() => listener.Accept()).AsTask();
        run.Expect(!accepting.IsCompleted, "an accept that waits", "one that is over");
        var client = await Connect(run, ends, listener.Reachable);
        var server = run.Right(await run.Await(() => new ValueTask<LanguageExt.Either<TcpError, IFlow>>(accepting)));
        run.ExpectEqual($"{client.Local}", $"{server.Remote}");
    });

    /// <summary>A port where nobody listens refuses.</summary>
    [Fact]
    public void TC2_NobodyListensIsRefused() => CheckEnds(async (run, ends) =>
    {
        var listener = Listen(run, ends);
        var free = listener.Reachable;
        await run.Await("Stop listening", listener.DisposeAsync);
        run.Left(new TcpError.Refused(free),
            await run.Await($"Connect to {free}", () => TTcp.Connect(ends.Client, free)));
    });

    /// <summary>An address of a family that the transport does not have is nowhere.</summary>
    [Fact]
    public void TC2_OtherFamilyHasNoRoute() => CheckEnds(async (run, ends) =>
    {
        var far = new Endpoint(IpAddress.Parse("ff0e::1"), 80);
        run.Left(new TcpError.NoRoute(far.Address),
            await run.Await($"Connect to {far}", () => TTcp.Connect(ends.Client, far)));
    });

    /// <summary>A port has one listener; closing it, once or twice, frees it.</summary>
    [Fact]
    public void TC3_PortIsInUseUntilItIsFreed() => CheckEnds(async (run, ends) =>
    {
        var first = Listen(run, ends);
        run.Left(new TcpError.PortInUse(first.Port),
            run.Call("Listen on the same port", () => TTcp.Listen(ends.Server, first.Port)));
        await run.Await("Stop listening", first.DisposeAsync);
        await run.Await("Stop listening again", first.DisposeAsync);
        await using var second = Listen(run, ends, first.Port);
        run.ExpectEqual($"{first.Reachable}", $"{second.Reachable}");
    });

    /// <summary>Port 0 is another free port each time.</summary>
    [Fact]
    public void TC3_PortZeroIsAFreePortEachTime() => CheckEnds(async (run, ends) =>
    {
        var listeners = Enumerable.Range(0, 20).Select(_ => Listen(run, ends)).ToList();
        run.Expect(listeners.All(static listener => listener.Port != 0), "no port 0", "port 0");
        run.ExpectEqual(20, listeners.Select(static listener => listener.Port).Distinct().Count());
        foreach (var listener in listeners)
            await run.Await(listener.DisposeAsync);
    });

    /// <summary>Connections that were made at once do not mix.</summary>
    [Fact]
    public void TC6_ConnectionsAtOnceDoNotMix() => CheckEnds(async (run, ends) =>
    {
        const int Count = 200;
        await using var listener = Listen(run, ends, options: new() { Backlog = Count });
        run.Step($"Open {Count} connections, each of which is echoed its number");
        var serving = Serve();
        var answers = await run.Await(
            () => new ValueTask<int[]>(Task.WhenAll(Enumerable.Range(0, Count).Select(Ask))));
        for (var number = 0; number < Count; number++)
            run.ExpectEqual(number, answers[number]);
        await run.Await(() => new ValueTask(serving));

        async Task Serve()
        {
            var echoes = new List<Task>();
            for (var number = 0; number < Count; number++)
                echoes.Add(Echo(await Accept(run, listener)));
            await Task.WhenAll(echoes);
        }

        async Task<int> Ask(int number)
        {
            await using var flow = Value(await TTcp.Connect(ends.Client, listener.Reachable));
            await flow.Output.WriteAsync(BitConverter.GetBytes(number));
            await flow.Output.CompleteAsync();
            var bytes = new MemoryStream();
            await flow.Input.CopyToAsync(bytes);
            return bytes.Length == sizeof(int) ? BitConverter.ToInt32(bytes.ToArray()) : -1;
        }
    }, cases: 1);

    /// <summary>A disconnected transport ends what is under way, and opens nothing more.</summary>
    [Fact]
    public void D3_DisconnectedTransportIsClosed() => CheckEnds(async (run, ends) =>
    {
        var listener = Listen(run, ends);
        var client = await Connect(run, ends, listener.Reachable);
        var server = await Accept(run, listener);
        var accepting = run.Call(() => listener.Accept()).AsTask();
        var reading = server.Input.ReadAsync().AsTask();
        await run.Await("Disconnect the server", () => TTcp.Disconnect(ends.Server));
        var closed = new TcpError.Closed();
        run.Left(closed, await run.Await(
            "Ask the accept", () => new ValueTask<LanguageExt.Either<TcpError, IFlow>>(accepting)));
        run.Step("Ask the read");
        await Broken(run, closed, async () => await reading);
        run.Left(closed, run.Call("Listen", () => TTcp.Listen(ends.Server, 0)));
        run.Left(closed, await run.Await("Connect", () => TTcp.Connect(ends.Server, client.Local)));
    });

    /// <summary>Tries a law on the two transports.</summary>
    private protected void CheckEnds(Func<LawRun, StackEnds<TTcp>, ValueTask> law, int cases = 3,
        [CallerMemberName] string name = "") => Check((run, _) => law(run, EndsOf(run)), cases, name);

    private protected StackEnds<TTcp> EndsOf(LawRun run) => _ends[run.Host];

    private protected static IListener Listen(
        LawRun run, StackEnds<TTcp> ends, ushort port = 0, ListenOptions options = default) =>
        run.Right(run.Call($"Listen on port {port}", () => TTcp.Listen(ends.Server, port, options)));

    private protected static async ValueTask<IFlow> Connect(LawRun run, StackEnds<TTcp> ends, Endpoint remote) =>
        run.Right(await run.Await("Connect", () => TTcp.Connect(ends.Client, remote)));

    private protected static async ValueTask<IFlow> Accept(LawRun run, IListener listener) =>
        run.Right(await run.Await("Accept", () => listener.Accept()));

    private protected static async Task Echo(IFlow flow)
    {
        await flow.Input.CopyToAsync(flow.Output);
        await flow.DisposeAsync();
    }

    private static T Value<T>(LanguageExt.Either<TcpError, T> outcome) =>
        outcome.Match(static value => value, static error => throw new InvalidOperationException($"{error}"));

    private IListener Listen(Host host) => Value(TTcp.Listen(_ends[host].Server, 0));
}
