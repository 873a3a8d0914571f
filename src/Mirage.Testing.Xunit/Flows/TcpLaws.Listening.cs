using LanguageExt;
using Xunit;

namespace Mirage.Testing;

public abstract partial class TcpLaws<TTcp>
{
    /// <summary>A token that was cancelled before lets nothing begin.</summary>
    [Fact]
    public void TC4_CancelledBeforeBeginsNothing() => CheckEnds(async (run, ends) =>
    {
        await using var listener = Listen(run, ends);
        var cancelled = new CancellationToken(canceled: true);
        run.Step("Connect and accept with a token that is cancelled");
        Cancelled(run, await run.Catch(
            async () => await TTcp.Connect(ends.Client, listener.Reachable, cancelled)));
        Cancelled(run, await run.Catch(async () => await listener.Accept(cancelled)));
        await NothingIsLeft(run, listener);
    });

    /// <summary>Of a connect that was cancelled, whenever, nothing is left: what the listener may have got of it is
    /// broken or over.</summary>
    [Fact]
    public void TC4_CancelledConnectLeavesNothing() => CheckEnds(async (run, ends) =>
    {
        await using var listener = Listen(run, ends);
        using var source = new CancellationTokenSource();
        var turns = run.Random.Next(8);
        run.Step($"Connect, and cancel it after {turns} turns of the loop");
        var connecting = run.Call(() => TTcp.Connect(ends.Client, listener.Reachable, source.Token)).AsTask();
        for (var turn = 0; turn < turns && !connecting.IsCompleted; turn++)
            await Task.Yield();
        if (connecting.IsCompleted)
            return; // It was faster, and is connected.
        source.Cancel();
        // Cancelled or completed, and not both: a connection may have been made in this very turn.
        if (await run.Catch(async () => await connecting) is not { } failure)
            return;
        Cancelled(run, failure);
        await NothingIsLeft(run, listener);
    }, cases: 20);

    /// <summary>An accept that was cancelled takes no connection with it.</summary>
    [Fact]
    public void TC4_CancelledAcceptLosesNothing() => CheckEnds(async (run, ends) =>
    {
        await using var listener = Listen(run, ends);
        using var source = new CancellationTokenSource();
        run.Step("Accept, and cancel it");
        var accepting = run.Call(() => listener.Accept(source.Token)).AsTask();
        source.Cancel();
        Cancelled(run, await run.Catch(async () => await accepting));
        var client = await Connect(run, ends, listener.Reachable);
        run.ExpectEqual($"{client.Local}", $"{(await Accept(run, listener)).Remote}");
    });

    /// <summary>Two accepts at once are a mistake of the caller, which disturbs nothing.</summary>
    [Fact]
    public void TC5_AcceptIsForOneAtATime() => CheckEnds(async (run, ends) =>
    {
        await using var listener = Listen(run, ends);
        var accepting = run.Call("Accept", () => listener.Accept()).AsTask();
        run.Step("Accept again");
        var failure = await run.Catch(async () => await listener.Accept());
        run.ExpectEqual(nameof(InvalidOperationException), failure?.GetType().Name ?? "no exception");
        var client = await Connect(run, ends, listener.Reachable);
        var server = run.Right(await run.Await(() => new ValueTask<Either<TcpError, IFlow>>(accepting)));
        run.ExpectEqual($"{client.Local}", $"{server.Remote}");
    });

    /// <summary>A listener that was closed ends its accept, and each one to come.</summary>
    [Fact]
    public void TC5_ClosedListenerAcceptsNothing() => CheckEnds(async (run, ends) =>
    {
        var listener = Listen(run, ends);
        var accepting = run.Call("Accept", () => listener.Accept()).AsTask();
        await run.Await("Stop listening", listener.DisposeAsync);
        run.Left(new TcpError.Closed(), await run.Await(() => new ValueTask<Either<TcpError, IFlow>>(accepting)));
        run.Left(new TcpError.Closed(), await run.Await("Accept", () => listener.Accept()));
    });

    /// <summary>Closing a listener resets what nobody has accepted.</summary>
    [Fact]
    public void TC5_ClosedListenerResetsWhatWaits() => CheckEnds(async (run, ends) =>
    {
        var listener = Listen(run, ends);
        var first = await Connect(run, ends, listener.Reachable);
        var second = await Connect(run, ends, listener.Reachable);
        await run.Await("Wait", () => Settle(run.Host));
        await run.Await("Stop listening", listener.DisposeAsync);
        await Broken(run, new TcpError.Reset(first.Remote), () => ReadToEnd(first.Input));
        await Broken(run, new TcpError.Reset(second.Remote), () => ReadToEnd(second.Input));
    });

    /// <summary>Closing a listener leaves alone what was accepted.</summary>
    [Fact]
    public void TC5_ClosedListenerLeavesWhatWasAccepted() => CheckEnds(async (run, ends) =>
    {
        var listener = Listen(run, ends);
        var client = await Connect(run, ends, listener.Reachable);
        var server = await Accept(run, listener);
        await run.Await("Stop listening", listener.DisposeAsync);
        var pair = new FlowPair(run, client, server);
        pair.Forth.Write(10_000);
        pair.Back.Write(10_000);
        pair.Forth.End();
        pair.Back.End();
        await pair.Forth.Drain();
        await pair.Back.Drain();
    });

    private static void Cancelled(LawRun run, Exception? failure) => run.Expect(
        failure is OperationCanceledException, nameof(OperationCanceledException),
        failure is null ? "no exception" : $"{failure.GetType().Name}: {failure.Message}");

    private async ValueTask NothingIsLeft(LawRun run, IListener listener)
    {
        await run.Await("Wait", () => Settle(run.Host));
        using var enough = new CancellationTokenSource();
        run.Step("Accept what there is");
        var accepting = run.Call(() => listener.Accept(enough.Token)).AsTask();
        await run.Await(() => Settle(run.Host));
        if (!accepting.IsCompleted)
        {
            enough.Cancel();
            Cancelled(run, await run.Catch(async () => await accepting));
            return;
        }

        var flow = run.Right(await run.Await(() => new ValueTask<Either<TcpError, IFlow>>(accepting)));
        var ending = ReadToEnd(flow.Input).AsTask();
        await run.Await(() => Settle(run.Host));
        run.Expect(ending.IsCompleted, "no connection, or one that is over", "an open connection");
    }
}
