using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>A listener's connections as a sequence, and two connections as one.</summary>
public sealed class AcceptAllTests : IDisposable
{
    private readonly SimHost _host = new(seed: 24);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void AcceptAll_GivesEachConnection_AndEndsWithTheListener() => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        var listener = pair.Listen(80);
        var seen = new List<Endpoint>();
        var accepting = Accept();
        Endpoint[] clients = [(await pair.Connect(80)).Local, (await pair.Connect(80)).Local];
        await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time);
        Assert.Equal(clients, seen);
        Assert.False(accepting.IsCompleted);
        await listener.DisposeAsync();
        await accepting;

        async Task Accept()
        {
            await foreach (var flow in listener.AcceptAll())
                seen.Add(flow.Remote);
        }
    });

    [Fact]
    public void AcceptAll_CancelledWhileConnectionsCome_LosesNone() => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        await using var listener = pair.Listen(80);
        var seen = 0;
        for (var round = 0; round < 20; round++)
        {
            using var source = new CancellationTokenSource();
            var accepting = Accept(source.Token);
            await pair.Connect(80);
            source.Cancel(); // At whatever step the connection is.
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await accepting);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time);
        await foreach (var flow in listener.AcceptAll())
        {
            if (++seen >= 20)
                break;
        }

        Assert.Equal(20, seen);

        async Task Accept(CancellationToken cancellation)
        {
            await foreach (var flow in listener.AcceptAll(cancellation))
                seen++;
        }
    });

    [Fact]
    public void Splice_BytesAndEndsOfStreams_GoAcross() => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        var (first, last, splicing) = await Join(pair);
        var bytes = Flows.Bytes(3 << 20);
        var sending = Send(first);
        Assert.Equal(bytes, await last.Input.Drain());
        await sending;
        Assert.False(splicing.IsCompleted);
        sending = Send(last); // The other direction goes on after the first has ended.
        Assert.Equal(bytes, await first.Input.Drain());
        await sending;
        await splicing;

        async Task Send(IFlow flow)
        {
            await flow.Write(bytes);
            await flow.Output.CompleteAsync();
        }
    });

    [Fact]
    public void Splice_ASlowReader_SlowsTheFarWriterDown() => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        var (first, last, splicing) = await Join(pair);
        var sending = first.Write(new byte[64 << 20]);
        await Task.Delay(TimeSpan.FromSeconds(30), _host.Time);
        Assert.False(sending.IsCompleted);
        last.Abort(); // And a reset at one end is one at the other.
        await Assert.ThrowsAsync<FlowException>(() => sending);
        await splicing;
    });

    // One end, two connections that are spliced, and the other end.
    private static async Task<(IFlow First, IFlow Last, Task Splicing)> Join(StackPair<VirtualPort, VirtualPort> pair)
    {
        var (first, left) = await pair.Establish(80);
        var (last, right) = await pair.Establish(81);
        return (first, last, left.Splice(right));
    }
}
