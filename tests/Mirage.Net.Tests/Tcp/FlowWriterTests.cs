using System.Buffers;
using System.IO.Pipelines;
using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class FlowWriterTests
{
    /// <summary>
    /// Any sequence of operations shows a writer the same as on a pipe of the framework with the same thresholds.
    /// </summary>
    [Property(MaxTest = 200)]
    public void AnyOperations_AreSeenAsOnAPipe((byte Kind, byte Factor)[] operations)
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var pipe = new Pipe(new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
                pauseWriterThreshold: FlowWriter.PauseMin, resumeWriterThreshold: FlowWriter.PauseMin * 3 / 4,
                useSynchronizationContext: false));
            var pool = new BlockPool();
            var queue = new ByteQueue(pool);
            var flow = new FlowWriter(host.Loop, queue, new FlowOwner());
            var (expected, actual) = (new WriterScript(pipe.Writer), new WriterScript(flow));
            foreach (var (kind, factor) in operations)
            {
                var size = factor * factor * 4;
                switch (kind % 6)
                {
                    case 0 or 1:
                        expected.Write(size);
                        actual.Write(size);
                        break;
                    case 2 or 3:
                        expected.Flush();
                        actual.Flush();
                        break;
                    case 4 when flow.UnflushedBytes == 0: // The peer may acknowledge what a pipe would not show yet.
                        var count = size * 4 % (queue.Length + 1);
                        queue.Release(count);
                        flow.HandleRoom();
                        if (pipe.Reader.TryRead(out var result))
                            pipe.Reader.AdvanceTo(result.Buffer.GetPosition(count));
                        break;
                    case 5 when size % 7 == 0:
                        pipe.Writer.CancelPendingFlush();
                        flow.CancelPendingFlush();
                        break;
                }

                await FlowReaderTests.Pump();
                Assert.Equal(expected.Log, actual.Log);
                Assert.Equal(pipe.Writer.UnflushedBytes, flow.UnflushedBytes);
            }

            flow.Complete();
            Assert.Throws<InvalidOperationException>(() => flow.GetMemory());
            queue.Clear();
            Assert.Equal(0, pool.Rented);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ConnectionBroke_MemoryInUse_IsGivenBackWhenTheWriterCompletes(bool isTakenBack)
    {
        using var host = new SimHost();
        var pool = new BlockPool();
        var queue = new ByteQueue(pool);
        var flow = new FlowWriter(host.Loop, queue, new FlowOwner());
        flow.Write("before"u8);
        flow.GetMemory();
        flow.HandleFailure(new TcpError.Closed());
        if (isTakenBack)
        {
            queue.Advance(0);
            queue.Clear();
        }

        flow.Advance(10);
        flow.Advance(20);
        flow.Complete();
        Assert.Equal((0, 0), (queue.Length, pool.Rented));
    }

    [Fact]
    public void MemoryOfOneCall_AdvancedTwice_HoldsBothParts()
    {
        using var host = new SimHost();
        var queue = new ByteQueue(new BlockPool());
        var flow = new FlowWriter(host.Loop, queue, new FlowOwner());
        var memory = flow.GetMemory();
        memory.Span[0] = 1;
        flow.Advance(1);
        queue.Release(1); // Acknowledged before the flush.
        memory.Span[1] = 2;
        flow.Advance(1);
        Assert.Equal([2], queue.All.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => flow.Advance(memory.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => flow.Advance(-1));
    }

    [Fact]
    public void Failed_FlushThrowsTheReason_AndWhatWasWrittenIsGone()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var pool = new BlockPool();
            var owner = new FlowOwner();
            var flow = new FlowWriter(host.Loop, new ByteQueue(pool), owner);
            await flow.WriteAsync(new byte[100]);
            var flush = flow.WriteAsync(new byte[FlowWriter.PauseMin]);
            Assert.False(flush.IsCompleted);
            flow.HandleFailure(new TcpError.Closed());
            Assert.IsType<TcpError.Closed>((await Assert.ThrowsAsync<FlowException>(async () => await flush)).Error);
            flow.GetSpan(10_000);
            flow.Advance(10_000);
            await Assert.ThrowsAsync<FlowException>(async () => await flow.FlushAsync());
            flow.Complete();
            Assert.Equal(2, owner.Writes);
            Assert.Equal(0, pool.Rented);
        });
    }

    [Fact]
    public void Completed_TheOwnerIsToldOnce_AfterWhatWasWritten()
    {
        using var host = new SimHost();
        var owner = new FlowOwner();
        var flow = new FlowWriter(host.Loop, new ByteQueue(new BlockPool()), owner);
        flow.GetSpan(1);
        flow.Advance(1);
        var error = new IOException();
        flow.Complete(error);
        flow.Complete();
        Assert.Equal(1, owner.Writes);
        Assert.Equal([error], owner.OutputCompleted);
    }

    private sealed class WriterScript(PipeWriter writer)
    {
        private bool _isPending;

        public List<string> Log { get; } = [];

        public void Write(int size)
        {
            for (; size > 0; size -= 4096)
            {
                writer.GetMemory(Math.Min(size, 4096));
                writer.Advance(Math.Min(size, 4096));
            }
        }

        public void Flush()
        {
            if (!_isPending)
                _ = Await(writer.FlushAsync());
        }

        private async Task Await(ValueTask<FlushResult> flush)
        {
            _isPending = true;
            Log.Add($"pending {!flush.IsCompleted}");
            var result = await flush;
            Log.Add($"flushed {result.IsCanceled} {result.IsCompleted}");
            _isPending = false;
        }
    }
}
