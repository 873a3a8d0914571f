using System.Buffers;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class SocketFlowTests
{
    [Fact]
    public void Established_BothEnds_KnowEachOther() => Run(static (host, pair) =>
    {
        Assert.Equal(pair.Listener.Reachable, pair.Client.Remote);
        Assert.Equal(pair.Client.Remote, pair.Server.Local);
        Assert.Equal(pair.Client.Local, pair.Server.Remote);
        return ValueTask.CompletedTask;
    });

    [Fact]
    public void HalfClosed_OtherDirection_StillWorks() => Run(static async (host, pair) =>
    {
        await pair.Client.Output.WriteAsync("question"u8.ToArray());
        await pair.Client.Output.CompleteAsync();
        Assert.Equal("question"u8.ToArray(), await ReadAll(pair.Server.Input));

        await pair.Server.Output.WriteAsync("answer"u8.ToArray());
        await pair.Server.Output.CompleteAsync();
        Assert.Equal("answer"u8.ToArray(), await ReadAll(pair.Client.Input));
    });

    [Fact]
    public void ReadOfMoreThanIsHeldAtFirst_Waits_AndMoreIsHeld() => Run(static async (host, pair) =>
    {
        var bytes = new byte[2_000_000];
        new Random(1).NextBytes(bytes);
        var writing = pair.Client.Output.WriteAsync(bytes);
        Assert.Equal(bytes, (await pair.Server.Input.ReadAtLeastAsync(bytes.Length)).Buffer.ToArray());
        await writing;
    });

    [Fact]
    public void ReadOfMoreThanIsEverHeld_Fails() => Run(static async (host, pair) =>
    {
        var writing = pair.Client.Output.WriteAsync(new byte[20_000_000]);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await pair.Server.Input.ReadAtLeastAsync(20_000_000));
        Assert.Contains("that the flow may hold now", error.Message, StringComparison.Ordinal);
        await pair.Server.Input.CompleteAsync();
        await writing;
    });

    [Fact]
    public void Aborted_BothEnds_Fail() => Run(static async (host, pair) =>
    {
        pair.Client.Abort();
        pair.Client.Abort();
        Assert.Equal(new TcpError.Reset(pair.Server.Remote), await ReadError(pair.Server.Input));
        Assert.Equal(new TcpError.Closed(), await ReadError(pair.Client.Input));
        await Assert.ThrowsAsync<FlowException>(async () => await pair.Client.Output.FlushAsync());
        await Assert.ThrowsAsync<FlowException>(async () => await pair.Server.Output.FlushAsync());
    });

    [Fact]
    public void OutputCompletedWithException_Peer_IsReset() => Run(static async (host, pair) =>
    {
        var reading = ReadError(pair.Server.Input);
        await pair.Client.Output.CompleteAsync(new InvalidOperationException("The application failed."));
        Assert.IsType<TcpError.Reset>(await reading);
    });

    [Fact]
    public void UnreadBytes_Dispose_ResetsThePeer() => Run(static async (host, pair) =>
    {
        await pair.Client.Output.WriteAsync("nobody reads this"u8.ToArray());
        var result = await pair.Server.Input.ReadAsync();
        pair.Server.Input.AdvanceTo(result.Buffer.GetPosition(5));
        await pair.Server.DisposeAsync();
        Assert.IsType<TcpError.Reset>(await ReadError(pair.Client.Input));
    });

    [Fact]
    public void WrittenBytes_Dispose_AreDelivered() => Run(static async (host, pair) =>
    {
        var bytes = Pattern(200_000);
        await pair.Server.Output.WriteAsync(bytes);
        await pair.Server.DisposeAsync();
        await pair.Server.DisposeAsync();
        Assert.Equal(new TcpError.Closed(), await ReadError(pair.Server.Input));
        Assert.Equal(bytes, await ReadAll(pair.Client.Input));
    });

    [Fact]
    public void PeerFinished_Dispose_EndsWithoutReset() => Run(static async (host, pair) =>
    {
        await pair.Client.DisposeAsync();
        Assert.Empty(await ReadAll(pair.Server.Input));
        await pair.Server.DisposeAsync();
    });

    [Fact]
    public void SlowReader_Writer_IsHeldBack() => Run(static async (host, pair) =>
    {
        var bytes = Pattern(64 * 1024);
        var (written, total) = (0L, 64L * 1024 * 1024);
        var writing = Write();
        // Once the loop has nothing to do, writing has come to rest, far from its end.
        while (true)
        {
            var before = written;
            for (var round = 0; round < 200; round++)
                await Task.Yield();
            if (before == written && !writing.IsCompleted)
                break;
        }

        Assert.InRange(written, 1, total / 2);
        var read = 0L;
        while (await pair.Server.Input.ReadAsync() is { Buffer.IsEmpty: false } result)
        {
            Assert.Equal(bytes[(int)(read % bytes.Length)], result.Buffer.FirstSpan[0]);
            read += result.Buffer.Length;
            pair.Server.Input.AdvanceTo(result.Buffer.End);
        }

        Assert.Equal(total, read);
        await writing;

        async Task Write()
        {
            for (; written < total; written += bytes.Length)
                await pair.Client.Output.WriteAsync(bytes);
            await pair.Client.Output.CompleteAsync();
        }
    });

    [Fact]
    public void PendingRead_CancelledByToken_LeavesTheFlowUsable() => Run(static async (host, pair) =>
    {
        using var source = new CancellationTokenSource();
        var reading = pair.Server.Input.ReadAsync(source.Token).AsTask();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await pair.Client.Output.WriteAsync("later"u8.ToArray());
        await pair.Client.Output.CompleteAsync();
        Assert.Equal("later"u8.ToArray(), await ReadAll(pair.Server.Input));
    });

    [Fact]
    public void PendingRead_CancelPendingRead_GivesACanceledResult() => Run(static async (host, pair) =>
    {
        var reading = pair.Server.Input.ReadAsync();
        pair.Server.Input.CancelPendingRead();
        var result = await reading;
        Assert.True(result.IsCanceled);
        pair.Server.Input.AdvanceTo(result.Buffer.End);

        pair.Server.Input.CancelPendingRead();
        Assert.True(pair.Server.Input.TryRead(out result));
        Assert.True(result.IsCanceled);
        pair.Server.Input.AdvanceTo(result.Buffer.End);
        Assert.False(pair.Server.Input.TryRead(out _));
    });

    [Fact]
    public void ExaminedBytes_Read_WaitsForMore() => Run(static async (host, pair) =>
    {
        await pair.Client.Output.WriteAsync("ab"u8.ToArray());
        var result = await pair.Server.Input.ReadAsync();
        pair.Server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Assert.False(pair.Server.Input.TryRead(out _));
        await pair.Client.Output.WriteAsync("cd"u8.ToArray());
        result = await pair.Server.Input.ReadAsync();
        Assert.Equal("abcd"u8, result.Buffer.ToArray());
        pair.Server.Input.AdvanceTo(result.Buffer.End);
    });

    [Fact]
    public void Misuse_OfThePipes_Throws() => Run(static async (host, pair) =>
    {
        Assert.Throws<InvalidOperationException>(() => pair.Server.Input.AdvanceTo(default));
        await pair.Client.Output.WriteAsync("ab"u8.ToArray());
        var result = await pair.Server.Input.ReadAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Server.Input.ReadAsync());
        pair.Server.Input.AdvanceTo(result.Buffer.End);
        await pair.Server.Input.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pair.Server.Input.ReadAsync());
        await pair.Server.Output.CompleteAsync();
        Assert.Throws<InvalidOperationException>(() => pair.Server.Output.GetMemory());
    });

    [Fact]
    public void UnflushedBytes_AreNotSent() => Run(static async (host, pair) =>
    {
        "ab"u8.CopyTo(pair.Client.Output.GetSpan(2));
        pair.Client.Output.Advance(2);
        Assert.Equal(2, pair.Client.Output.UnflushedBytes);
        await Task.Yield();
        await Task.Yield();
        Assert.False(pair.Server.Input.TryRead(out _));
        await pair.Client.Output.FlushAsync();
        var result = await pair.Server.Input.ReadAtLeastAsync(2);
        Assert.Equal("ab"u8, result.Buffer.ToArray());
        pair.Server.Input.AdvanceTo(result.Buffer.End);
    });

    [Fact]
    public void SteadyState_Exchange_AllocatesNothing() => Run(static async (host, pair) =>
    {
        var bytes = new byte[1000];
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 10 && least > 1024; attempt++) // Pools, queues and compiled code settle.
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            await Exchange(pair, bytes);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least, 0, 1024); // The tasks of the test itself.
    });

    private static async Task Exchange(SocketPair pair, byte[] bytes)
    {
        for (var round = 0; round < 1000; round++)
        {
            bytes.CopyTo(pair.Client.Output.GetMemory(bytes.Length));
            pair.Client.Output.Advance(bytes.Length);
            await pair.Client.Output.FlushAsync();
            var result = await pair.Server.Input.ReadAsync();
            pair.Server.Input.AdvanceTo(result.Buffer.End);
        }
    }
}
