using System.Runtime.CompilerServices;
using Xunit;

namespace Mirage.Testing;

/// <summary>What a connection obeys, whatever made it: two ordered, reliable streams of bytes, each of which ends by
/// itself, with backpressure.</summary>
/// <typeparam name="TSource">The device that makes connections.</typeparam>
public abstract partial class FlowLaws<TSource> : DeviceLaws<TSource> where TSource : struct, IDevice<TSource>
{
    private const int Megabyte = 1_000_000;
    private const int Chunk = 64 * 1024;
    private const long Unbounded = 32L * 1024 * 1024; // Accepted for a peer that reads nothing, that is no bound.

    /// <summary>Makes a connection of <paramref name="source"/>, which was connected on <paramref name="host"/>, and
    /// gives both ends of it.</summary>
    protected abstract ValueTask<(IFlow One, IFlow Other)> ConnectFlows(Host host, TSource source);

    /// <summary>Completes when nothing is under way between the ends any more: ten seconds of virtual time. Ends in the
    /// real world say here how long that takes.</summary>
    protected virtual async ValueTask Settle(Host host)
    {
        ArgumentNullException.ThrowIfNull(host);
        await Task.Delay(TimeSpan.FromSeconds(10), host.Time);
    }

    /// <summary>However both ends write and read, each reads exactly what the other wrote, in order, and then its
    /// end.</summary>
    [Fact]
    public void F1_StreamsAreOrderedAndReliable() =>
        Check(LawRunner.Lists(FlowOperation.Any), async (run, source, operations) =>
        {
            var pair = await Connected(run, source);
            foreach (var operation in operations)
            {
                if (!operation.Applies(pair))
                    continue;
                run.Step(operation.Text);
                await operation.Run(run, pair, pair);
            }

            await EndAndDrain(run, pair);
        });

    /// <summary>A megabyte each way at once arrives whole.</summary>
    [Fact]
    public void F1_AMegabyteEachWayArrivesWhole() => CheckFlows(async (run, pair) =>
    {
        for (var written = 0; written < Megabyte; written += Chunk / 4)
        {
            pair.Forth.Write(Chunk / 4);
            pair.Back.Write(Chunk / 4);
        }

        await EndAndDrain(run, pair);
    }, cases: 2);

    /// <summary>How bytes were cut into writes is nothing that a reader sees.</summary>
    [Fact]
    public void F2_SingleBytesAreAStream() => CheckFlows(async (run, pair) =>
    {
        run.Step("Write 100 times a byte");
        for (var count = 0; count < 100; count++)
            pair.Forth.Write(1);
        await EndAndDrain(run, pair);
    }, cases: 2);

    /// <summary>What was looked at and not consumed is offered again, with more behind it.</summary>
    [Fact]
    public void F2_WhatIsNotConsumedIsOfferedAgain() => CheckFlows(async (run, pair) =>
    {
        for (var round = 0; round < 5; round++)
        {
            run.Step("Write 10 bytes, and look at all there is");
            pair.Forth.Write(10);
            while (pair.Forth.Examined < pair.Forth.Written)
                await pair.Forth.Read(permille: 0);
        }

        run.ExpectEqual(0, pair.Forth.Consumed);
        await EndAndDrain(run, pair);
    }, cases: 2);

    /// <summary>A peer that does not read makes the writer wait, at a bound; once it reads, everything
    /// arrives.</summary>
    [Fact]
    public void F3_WriteWaitsWhileNobodyReads() => CheckFlows(async (run, pair) =>
    {
        run.Step("Write until a write waits");
        while (pair.Forth.IsIdle)
        {
            pair.Forth.Write(Chunk);
            await run.Await(() => pair.Forth.IsIdle ? Settled() : Settle(run.Host));
            run.Expect(pair.Forth.Written <= Unbounded, "a write that waits", $"{pair.Forth.Written} bytes accepted");
        }

        await EndAndDrain(run, pair);

        static ValueTask Settled() => ValueTask.CompletedTask;
    }, cases: 1);

    /// <summary>An end that has ended its stream still reads the other one.</summary>
    [Fact]
    public void F4_EndOfOneStreamLeavesTheOther() => CheckFlows(async (run, pair) =>
    {
        var (ended, open) = run.Random.Next(2) == 0 ? (pair.Forth, pair.Back) : (pair.Back, pair.Forth);
        run.Step("End one of the streams, and read its end");
        ended.End();
        await ended.Drain();
        run.Step("Write 100,000 bytes into the other");
        open.Write(100_000);
        open.End();
        await open.Drain();
        await open.Accepted();
    }, cases: 8);

    /// <summary>The end of a stream is there whenever it is asked for.</summary>
    [Fact]
    public void F5_EndIsToldAgain() => CheckFlows(async (run, pair) =>
    {
        pair.Forth.Write(10);
        pair.Forth.End();
        await pair.Forth.Drain();
        for (var time = 0; time < 3; time++)
        {
            run.Step("Read behind the end");
            run.Expect(await pair.Forth.Read(), "the end", "no end");
        }
    }, cases: 2);

    /// <summary>A stalled connection holds up no other one.</summary>
    [Fact]
    public void F8_AStalledFlowHoldsUpNoOther() => Check(async (run, source) =>
    {
        var stalled = await Connected(run, source);
        var other = await Connected(run, source);
        run.Step("Write 8 MiB that nobody reads, and 100,000 bytes beside it");
        for (var count = 0; count < 128; count++)
            stalled.Forth.Write(Chunk);
        other.Forth.Write(100_000);
        other.Back.Write(100_000);
        await EndAndDrain(run, other);
        stalled.Forth.End();
        await stalled.Forth.Drain();
    }, cases: 1);

    /// <summary>A read that was cancelled took nothing with it.</summary>
    [Fact]
    public void F10_CancelledReadLosesNothing() => CheckFlows(async (run, pair) =>
    {
        using var source = new CancellationTokenSource();
        run.Step("Begin a read, and cancel it");
        var reading = pair.Other.Input.ReadAsync(source.Token).AsTask();
        source.Cancel();
        var failure = await run.Catch(() => new ValueTask(reading));
        run.Expect(failure is OperationCanceledException, nameof(OperationCanceledException), $"{failure}");
        run.Step("Begin a read with a token that is cancelled");
        failure = await run.Catch(async () => await pair.Other.Input.ReadAsync(source.Token));
        run.Expect(failure is OperationCanceledException, nameof(OperationCanceledException), $"{failure}");
        pair.Forth.Write(1000);
        await EndAndDrain(run, pair);
    }, cases: 2);

    /// <summary>Tries a law on a connection.</summary>
    private void CheckFlows(
        Func<LawRun, FlowPair, ValueTask> law, int cases, [CallerMemberName] string name = "") =>
        Check(async (run, source) => await law(run, await Connected(run, source)), cases, name);

    private async ValueTask<FlowPair> Connected(LawRun run, TSource source)
    {
        var (one, other) = await run.Await(() => ConnectFlows(run.Host, source));
        return new(run, one, other);
    }

    private static async ValueTask EndAndDrain(LawRun run, FlowPair pair)
    {
        run.Step("End both streams, and read what is left");
        foreach (var stream in (LawStream[])[pair.Forth, pair.Back])
        {
            if (!stream.IsEnded)
                stream.End();
        }

        // Both at once: an end that only read would keep the other from writing.
        var (forth, back) = (pair.Forth.Drain().AsTask(), pair.Back.Drain().AsTask());
        await forth;
        await back;
        await pair.Forth.Accepted();
        await pair.Back.Accepted();
    }
}
