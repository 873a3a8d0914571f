using System.IO.Pipelines;
using Xunit;

namespace Mirage.Testing;

public abstract partial class FlowLaws<TSource>
{
    /// <summary>What was written before an end was disposed of still arrives; disposing again does nothing.</summary>
    [Fact]
    public void F6_DisposeDeliversWhatWasWritten() => CheckFlows(async (run, pair) =>
    {
        pair.Forth.Write(1 + run.Random.Next(900_000));
        var accepting = pair.Forth.Accepted().AsTask();
        // A small buffer accepts it only while the peer reads.
        while (!accepting.IsCompleted && pair.Forth.Consumed < pair.Forth.Written)
            await pair.Forth.Read();
        await accepting;
        run.Step("Dispose twice");
        await run.Await(pair.One.DisposeAsync);
        await run.Await(pair.One.DisposeAsync);
        pair.Forth.IsEnded = true;
        await pair.Forth.Drain();
    }, cases: 5);

    /// <summary>A read that waits ends when its end is disposed of.</summary>
    [Fact]
    public void F6_DisposeEndsAPendingRead() => CheckFlows(async (run, pair) =>
    {
        var reading = pair.One.Input.ReadAsync().AsTask();
        run.Step("Begin a read, and dispose");
        await run.Await(pair.One.DisposeAsync);
        await Broken(run, new TcpError.Closed(), async () => await reading);
        run.Step("The peer reads");
        pair.Forth.IsEnded = true;
        await pair.Forth.Drain();
    }, cases: 2);

    /// <summary>Bytes that nobody read make disposing a reset.</summary>
    [Fact]
    public void F6_UnreadBytesMakeDisposeAReset() => CheckFlows(async (run, pair) =>
    {
        run.Step("Write a byte that is not read, and dispose the reader's end");
        pair.Forth.Write(1);
        await run.Await(() => Settle(run.Host));
        await run.Await(pair.Other.DisposeAsync);
        await Broken(run, new TcpError.Reset(pair.One.Remote), () => ReadToEnd(pair.One.Input));
    }, cases: 2);

    /// <summary>Bytes to an end that was disposed of break the connection.</summary>
    [Fact]
    public void F6_BytesToADisposedEndAreRefused() => CheckFlows(async (run, pair) =>
    {
        run.Step("Dispose one end, and read the end at the other");
        await run.Await(pair.Other.DisposeAsync);
        pair.Back.IsEnded = true;
        await pair.Back.Drain();
        run.Step("Write a byte, and once more when it has arrived");
        await run.Await(() => WriteByte(pair.One.Output));
        await run.Await(() => Settle(run.Host));
        var failure = await run.Catch(() => WriteByte(pair.One.Output));
        run.Expect(failure is FlowException, nameof(FlowException), failure?.GetType().Name ?? "no exception");
    }, cases: 2);

    /// <summary>An end that was aborted is closed, the other one sees a reset and no end of the stream, and both say so
    /// each time.</summary>
    [Fact]
    public void F7_AbortIsAnErrorAndNoEnd() => CheckFlows(async (run, pair) =>
    {
        var reading = ReadToEnd(pair.Other.Input).AsTask();
        run.Step("Abort twice while the peer reads");
        pair.One.Abort();
        pair.One.Abort();
        var (reset, closed) = (new TcpError.Reset(pair.Other.Remote), new TcpError.Closed());
        await Broken(run, reset, () => new ValueTask(reading));
        for (var time = 0; time < 2; time++)
        {
            run.Step("Read and write at both ends");
            await Broken(run, reset, () => ReadToEnd(pair.Other.Input));
            await Broken(run, reset, () => WriteByte(pair.Other.Output));
            await Broken(run, closed, () => ReadToEnd(pair.One.Input));
            await Broken(run, closed, () => WriteByte(pair.One.Output));
        }
    }, cases: 2);

    /// <summary>A stream that ended with an error resets the connection.</summary>
    [Fact]
    public void F7_OutputThatFailedIsAReset() => CheckFlows(async (run, pair) =>
    {
        run.Step("Complete the output with an error");
        await run.Await(() => pair.One.Output.CompleteAsync(new IOException("Half a message.")));
        await Broken(run, new TcpError.Reset(pair.Other.Remote), () => ReadToEnd(pair.Other.Input));
    }, cases: 2);

    /// <summary>A write that waits for room fails when the peer aborts.</summary>
    [Fact]
    public void F7_AbortEndsAWaitingWrite() => CheckFlows(async (run, pair) =>
    {
        run.Step("Write until a write waits");
        var writing = Forever();
        await run.Await(() => Settle(run.Host));
        run.Expect(!writing.IsCompleted, "a write that waits", "an end of writing");
        run.Step("The peer aborts");
        pair.Other.Abort();
        await Broken(run, new TcpError.Reset(pair.One.Remote), () => new ValueTask(writing));

        async Task Forever()
        {
            for (var written = 0L; written < Unbounded; written += Chunk)
                await pair.One.Output.WriteAsync(new byte[Chunk]);
        }
    }, cases: 1);

    private protected static async ValueTask Broken(LawRun run, TcpError expected, Func<ValueTask> act)
    {
        var failure = await run.Catch(act);
        run.ExpectEqual($"{nameof(FlowException)}: {expected}", failure switch
        {
            null => "no exception",
            FlowException broken => $"{nameof(FlowException)}: {broken.Error}",
            _ => $"{failure.GetType().Name}: {failure.Message}",
        });
    }

    private protected static async ValueTask ReadToEnd(PipeReader reader)
    {
        while (true)
        {
            var result = await reader.ReadAsync();
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    private static async ValueTask WriteByte(PipeWriter writer) => await writer.WriteAsync(new byte[1]);
}
