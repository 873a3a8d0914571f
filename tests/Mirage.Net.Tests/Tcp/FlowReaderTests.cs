using System.Buffers;
using System.IO.Pipelines;
using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class FlowReaderTests
{
    [Fact]
    public void QueueTakesNoMore_ReadAfterAllWasExamined_Fails_UntilSomeIsConsumed()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var owner = new FlowOwner { IsFull = true };
            var queue = new ByteQueue(new BlockPool());
            var flow = new FlowReader(host.Loop, queue, owner);
            queue.Append(new byte[100]);
            var buffer = (await flow.ReadAsync()).Buffer;
            flow.AdvanceTo(buffer.Start, buffer.End);
            var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await flow.ReadAsync());
            Assert.Contains("The 100 bytes that the flow may hold now", error.Message, StringComparison.Ordinal);
            buffer = (await flow.ReadAsync()).Buffer;
            Assert.Equal(100, buffer.Length);
            flow.AdvanceTo(buffer.Start, buffer.End);
            Assert.Throws<InvalidOperationException>(() => flow.TryRead(out _));
            Assert.True(flow.TryRead(out var again));
            flow.AdvanceTo(again.Buffer.GetPosition(1));
            Assert.Equal(99, (await flow.ReadAsync()).Buffer.Length);
        });
    }

    /// <summary>Any sequence of operations shows a reader the same as on a pipe of the framework.</summary>
    [Property(MaxTest = 300)]
    public void AnyOperations_AreSeenAsOnAPipe((byte Kind, byte First, byte Second)[] operations)
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var pipe = new Pipe(new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
                pauseWriterThreshold: 0, useSynchronizationContext: false));
            var (pool, owner) = (new BlockPool(), new FlowOwner());
            var queue = new ByteQueue(pool);
            var flow = new FlowReader(host.Loop, queue, owner);
            var (expected, actual) = (new ReaderScript(pipe.Reader), new ReaderScript(flow));
            var isEnded = false;
            foreach (var (kind, firstByte, secondByte) in operations)
            {
                // FsCheck makes small words, but any bytes.
                var (first, second) = (firstByte * firstByte, secondByte * secondByte);
                switch (kind % 8)
                {
                    case 0 or 1 when !isEnded && first > 0:
                        var bytes = new byte[first % 20_000 + 1];
                        new SplitMix64((ulong)second).Fill(bytes);
                        queue.Append(bytes);
                        flow.HandleArrival();
                        await pipe.Writer.WriteAsync(bytes);
                        break;
                    case 2:
                        Same(script => script.TryRead());
                        break;
                    case 3:
                        Same(script => script.Read());
                        break;
                    case 4 or 5:
                        Same(script => script.Advance(first, second));
                        break;
                    case 6:
                        Same(script => script.Cancel());
                        break;
                    case 7 when first % 5 == 0:
                        isEnded = true;
                        flow.HandleEnd();
                        await pipe.Writer.CompleteAsync();
                        break;
                }

                await Pump();
                Assert.Equal(expected.Log, actual.Log);
            }

            flow.Complete();
            Assert.Equal(0, pool.Rented);
            Assert.Throws<InvalidOperationException>(() => flow.TryRead(out _));

            void Same(Action<ReaderScript> step)
            {
                step(expected);
                step(actual);
            }
        });
    }

    [Fact]
    public void ExaminedBytes_AdvancedToThePositionOfNoBuffer_StayExamined() =>
        AnyOperations_AreSeenAsOnAPipe(
            [(203, 0, 0), (0, 245, 0), (52, 0, 128), (170, 0, 0), (52, 0, 2), (18, 0, 0), (20, 0, 0)]);

    [Fact]
    public void PendingRead_ArrivalsInOneBatch_AreOneResult()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var queue = new ByteQueue(new BlockPool());
            var flow = new FlowReader(host.Loop, queue, new FlowOwner());
            var read = flow.ReadAsync();
            Assert.False(read.IsCompleted);
            for (var count = 0; count < 3; count++)
            {
                queue.Append([1, 2]);
                flow.HandleArrival();
            }

            Assert.Equal(6, (await read).Buffer.Length);
        });
    }

    [Fact]
    public void Consumed_OpensTheWindow_ExaminedDoesNot()
    {
        var owner = new FlowOwner();
        using var host = new SimHost();
        var queue = new ByteQueue(new BlockPool());
        var flow = new FlowReader(host.Loop, queue, owner);
        queue.Append(new byte[100]);
        Assert.True(flow.TryRead(out var result));
        flow.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Assert.Equal(0, owner.Reads);
        Assert.False(flow.TryRead(out _));
        queue.Append(new byte[1]);
        Assert.True(flow.TryRead(out result));
        Assert.Equal(101, result.Buffer.Length);
        flow.AdvanceTo(result.Buffer.GetPosition(101));
        Assert.Equal(1, owner.Reads);
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public void Failed_PendingReadThrowsTheReason_AndSoDoesEveryLaterOne()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var queue = new ByteQueue(new BlockPool());
            var flow = new FlowReader(host.Loop, queue, new FlowOwner());
            var read = flow.ReadAsync();
            queue.Append([1]);
            flow.HandleFailure(new TcpError.Closed());
            flow.HandleFailure(new TcpError.NoFreePort());
            Assert.IsType<TcpError.Closed>((await Assert.ThrowsAsync<FlowException>(async () => await read)).Error);
            Assert.IsType<TcpError.Closed>(Assert.Throws<FlowException>(() => flow.TryRead(out _)).Error);
            Assert.True(flow.HasDiscarded);
        });
    }

    [Fact]
    public void Failed_WhileReading_TheBytesStayUntilTheReaderLetsGo()
    {
        using var host = new SimHost();
        var pool = new BlockPool();
        var queue = new ByteQueue(pool);
        var flow = new FlowReader(host.Loop, queue, new FlowOwner());
        queue.Append([1, 2, 3]);
        Assert.True(flow.TryRead(out var result));
        flow.HandleFailure(new TcpError.Closed());
        Assert.Equal([1, 2, 3], result.Buffer.ToArray());
        flow.AdvanceTo(result.Buffer.Start);
        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public void PendingRead_TokenCancelledOnAnotherThread_ThrowsOnTheLoopAndReadingGoesOn()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var queue = new ByteQueue(new BlockPool());
            var flow = new FlowReader(host.Loop, queue, new FlowOwner());
            using var source = new CancellationTokenSource();
            var read = flow.ReadAsync(source.Token);
            var cancelling = Task.Run(source.Cancel);
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await read);
            await cancelling;
            await Assert.ThrowsAsync<TaskCanceledException>(async () => await flow.ReadAsync(source.Token));
            Assert.True(host.Loop.IsCurrent);
            queue.Append([1]);
            Assert.Equal(1, (await flow.ReadAsync()).Buffer.Length);
        });
    }

    [Fact]
    public void AsStream_ReadsToTheEnd()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var queue = new ByteQueue(new BlockPool());
            var flow = new FlowReader(host.Loop, queue, new FlowOwner());
            var copy = new MemoryStream();
            var copying = flow.AsStream().CopyToAsync(copy);
            for (var count = 0; count < 10; count++)
            {
                queue.Append(new byte[10_000]);
                flow.HandleArrival();
                await Pump();
            }

            flow.HandleEnd();
            await copying;
            Assert.Equal(100_000, copy.Length);
        });
    }

    internal static async Task Pump()
    {
        for (var turn = 0; turn < 4; turn++)
            await Task.Yield();
    }
}
