using System.Text;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>A flow as a stream.</summary>
public sealed class FlowStreamTests : IDisposable
{
    private readonly SimHost _host = new(seed: 23);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void WritesAndReads_CarryBytes_AndTheEndIsZero() => Run(async (client, server) =>
    {
        var bytes = Flows.Bytes(500_000);
        var sending = Send();
        var received = new MemoryStream();
        await server.CopyToAsync(received);
        await sending;
        Assert.Equal(bytes, received.ToArray());
        Assert.Equal(0, await server.ReadAsync(new byte[1]));
        Assert.Equal(0, server.Read(new byte[1]));
        await server.WriteAsync("still open"u8.ToArray()); // Half-close: the other direction goes on.
        server.CompleteWrites();
        using var reader = new StreamReader(client, Encoding.ASCII);
        Assert.Equal("still open", await reader.ReadToEndAsync());

        async Task Send()
        {
            await client.WriteAsync(bytes.AsMemory(0, 1000));
            await client.WriteAsync(bytes.AsMemory(1000));
            await client.FlushAsync();
            client.CompleteWrites();
        }
    });

    [Fact]
    public void Read_Synchronous_TakesWhatIsThere_AndRefusesToWait() => Run(async (client, server) =>
    {
        Assert.Contains("ReadAsync",
            Assert.Throws<InvalidOperationException>(() => server.Read(new byte[4])).Message, StringComparison.Ordinal);
        client.Write([1, 2, 3, 4, 5]);
        client.Flush();
        await Task.Delay(TimeSpan.FromMilliseconds(10), _host.Time);
        var buffer = new byte[3];
        Assert.Equal(3, server.Read(buffer));
        Assert.Equal([1, 2, 3], buffer);
        Assert.Equal(2, server.Read(buffer, 0, 3));
        Assert.Equal(0, server.Read([]));
        var waiting = server.ReadAsync(buffer);
        client.Write([6]);
        Assert.Equal(1, await waiting);
    });

    [Fact]
    public void Write_Synchronous_TakesOneBeyondTheRoom_AndRefusesTheNext_WhichWriteAsyncWaitsFor() =>
        Run(async (client, server) =>
        {
            var bytes = Flows.Bytes(8 << 20);
            client.Write(bytes);
            Assert.Contains("WriteAsync",
                Assert.Throws<InvalidOperationException>(() => client.Write([1])).Message, StringComparison.Ordinal);
            var flushing = client.FlushAsync();
            var writing = client.WriteAsync(new byte[] { 1 });
            Assert.False(flushing.IsCompleted || writing.IsCompleted);
            var received = new byte[bytes.Length + 1];
            await server.ReadExactlyAsync(received);
            await flushing;
            await writing;
            Assert.Equal(bytes, received[..^1]);
        });

    [Fact]
    public void Reset_ReadsAndWritesFailWithWhatHappened() => Run(async (client, server) =>
    {
        server.Flow.Abort();
        var failure = await Assert.ThrowsAsync<FlowException>(() => client.ReadAsync(new byte[1]).AsTask());
        Assert.IsType<TcpError.Reset>(failure.Error);
        Assert.IsAssignableFrom<IOException>(failure);
        await Assert.ThrowsAsync<FlowException>(async () => await client.WriteAsync(new byte[1]));
        Assert.Throws<FlowException>(() => client.Read(new byte[1]));
    });

    [Fact]
    public void Disposed_TheFlowIsClosed_AndTheStreamSaysSo() => Run(async (client, server) =>
    {
        client.Write([7]);
        client.Dispose();
        await client.DisposeAsync();
        Assert.False(client.CanRead || client.CanWrite || client.CanSeek);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ReadAsync(new byte[1]).AsTask());
        Assert.Throws<ObjectDisposedException>(() => client.Write([1]));
        var rest = new MemoryStream();
        await server.CopyToAsync(rest);
        Assert.Equal([7], rest.ToArray());
    });

    [Fact]
    public void ReadAsync_Cancelled_LosesNothing() => Run(async (client, server) =>
    {
        using var source = new CancellationTokenSource();
        var reading = server.ReadAsync(new byte[4], source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
        await client.WriteAsync(new byte[] { 1, 2 });
        Assert.Equal(2, await server.ReadAsync(new byte[4]));
    });

    private void Run(Func<FlowStream, FlowStream, Task> body) => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        var (client, server) = await pair.Establish();
        await using var left = client.AsStream();
        await using var right = server.AsStream();
        await body(left, right);
    });
}
