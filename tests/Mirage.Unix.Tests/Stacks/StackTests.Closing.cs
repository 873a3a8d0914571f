using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public abstract partial class StackTests<TStack>
{
    [Fact]
    public void Aborted_ThePeerReadsAReset_AndThisEndThatItIsClosed() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        var reading = ReadError(server.Input);
        client.Abort();
        client.Abort(); // Again: nothing happens.
        Assert.Equal(new TcpError.Reset(server.Remote), await reading);
        Assert.Equal(new TcpError.Reset(server.Remote), await FlushError(server));
        Assert.Equal(new TcpError.Closed(), await ReadError(client.Input));
        Assert.Equal(new TcpError.Closed(), await FlushError(client));
    });

    [Fact]
    public void OutputCompletedWithAnError_ThePeerReadsAReset() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        await client.Output.CompleteAsync(new IOException("half a message"));
        Assert.Equal(new TcpError.Reset(server.Remote), await ReadError(server.Input));
    });

    [Fact]
    public void FlushWaits_PeerAborts_ItFailsWithReset() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        var writing = Forever();
        await ends.Settle();
        Assert.False(writing.IsCompleted);
        server.Abort();
        var error = await Assert.ThrowsAsync<FlowException>(() => writing);
        Assert.Equal(new TcpError.Reset(client.Remote), error.Error);

        async Task Forever()
        {
            while (true)
                await client.Output.WriteAsync(Pattern(64 * 1024));
        }
    });

    [Fact]
    public void Disposed_WhatWasWritten_IsStillDelivered() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        await client.Output.WriteAsync(Pattern(900_000));
        await client.DisposeAsync();
        await client.DisposeAsync(); // Again: nothing happens.
        Assert.Equal(Pattern(900_000), await ReadAll(server.Input));
    });

    [Fact]
    public void UnreadBytes_Disposed_ThePeerReadsAReset() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        await client.Output.WriteAsync(new byte[1]);
        await ends.Settle();
        await server.DisposeAsync();
        Assert.Equal(new TcpError.Reset(client.Remote), await ReadError(client.Input));
    });

    [Fact]
    public void Disposed_BytesThatComeLater_AreAnsweredByAReset() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        await server.DisposeAsync();
        Assert.Empty(await ReadAll(client.Input));
        await client.Output.WriteAsync(new byte[1]);
        await ends.Settle();
        // Reset by a peer that was done, which some kernels report as a broken pipe: broken it is.
        _ = await FlushError(client);
    });

    [Fact]
    public void ReadUnderWay_Disposed_DoesNotHang() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        var reading = ReadError(client.Input);
        await client.DisposeAsync();
        Assert.Equal(new TcpError.Closed(), await reading);
        Assert.Empty(await ReadAll(server.Input));
    });

    private static async Task<TcpError> FlushError(IFlow flow) =>
        (await Assert.ThrowsAsync<FlowException>(async () => await flow.Output.WriteAsync(new byte[1]))).Error;
}
