using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public abstract partial class StackTests<TStack>
{
    [Fact]
    public void Listening_Connect_BothEndsAgreeOnTheirEndpoints() => Run(static async ends =>
    {
        await using var listener = ends.Listen();
        Assert.Equal(listener.Port, listener.Reachable.Port);
        var client = await ends.Connect(listener);
        var server = Right(await listener.Accept());
        Assert.Equal(listener.Reachable, client.Remote);
        Assert.Equal(listener.Reachable, server.Local);
        Assert.Equal(client.Local, server.Remote);
        Assert.NotEqual(0, client.Local.Port);
    });

    [Fact]
    public void Accepting_Connect_CompletesTheAccept() => Run(static async ends =>
    {
        await using var listener = ends.Listen();
        var accepting = listener.Accept();
        Assert.False(accepting.IsCompleted);
        var client = await ends.Connect(listener);
        Assert.Equal(client.Local, Right(await accepting).Remote);
    });

    [Fact]
    public void NobodyListens_Connect_IsRefused() => Run(static async ends =>
    {
        var free = await ends.Free();
        Assert.Equal(new TcpError.Refused(free), Left(await TStack.Connect(ends.Client, free)));
    });

    [Fact]
    public void OtherFamily_Connect_HasNoRoute() => Run(static async ends =>
    {
        var far = new Endpoint(IpAddress.Parse("ff0e::1"), 80);
        Assert.Equal(new TcpError.NoRoute(far.Address), Left(await TStack.Connect(ends.Client, far)));
    });

    [Fact]
    public void TakenPort_Listen_IsInUseUntilItIsFreed() => Run(static async ends =>
    {
        var first = ends.Listen();
        var error = Left(TStack.Listen(ends.Server, first.Port));
        Assert.Equal(new TcpError.PortInUse(first.Port), error);
        await first.DisposeAsync();
        await first.DisposeAsync(); // Again: nothing happens.
        await using var second = ends.Listen(first.Port);
        Assert.Equal(first.Reachable, second.Reachable);
    });

    [Fact]
    public void PortZero_Listen_GivesAFreeOneEachTime() => Run(static async ends =>
    {
        var listeners = Enumerable.Range(0, 20).Select(_ => ends.Listen()).ToList();
        Assert.DoesNotContain((ushort)0, listeners.Select(static listener => listener.Port));
        Assert.Distinct(listeners.Select(static listener => listener.Port));
        foreach (var listener in listeners)
            await listener.DisposeAsync();
    });

    [Fact]
    public void ConnectUnderWay_Cancelled_ThrowsAndLeavesNothing() => Run(static async ends =>
    {
        await using var listener = ends.Listen();
        using var source = new CancellationTokenSource();
        var connecting = TStack.Connect(ends.Client, listener.Reachable, source.Token).AsTask();
        Assert.False(connecting.IsCompleted);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    });

    [Fact]
    public void CancelledBefore_ConnectAndAccept_Throw() => Run(static async ends =>
    {
        await using var listener = ends.Listen();
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await TStack.Connect(ends.Client, listener.Reachable, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await listener.Accept(cancelled));
    });

    [Fact]
    public void PendingAccept_Cancelled_ThrowsAndTheNextAcceptWorks() => Run(static async ends =>
    {
        await using var listener = ends.Listen();
        using var source = new CancellationTokenSource();
        var accepting = listener.Accept(source.Token).AsTask();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        var client = await ends.Connect(listener);
        Assert.Equal(client.Local, Right(await listener.Accept()).Remote);
    });

    [Fact]
    public void PendingAccept_AcceptAgain_IsACallersBug() => Run(static async ends =>
    {
        await using var listener = ends.Listen();
        var accepting = listener.Accept();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await listener.Accept());
        var client = await ends.Connect(listener);
        Assert.Equal(client.Local, Right(await accepting).Remote);
    });

    [Fact]
    public void ListenerDisposed_PendingAndLaterAccept_AreClosed() => Run(static async ends =>
    {
        var listener = ends.Listen();
        var accepting = listener.Accept();
        await listener.DisposeAsync();
        Assert.Equal(new TcpError.Closed(), Left(await accepting));
        Assert.Equal(new TcpError.Closed(), Left(await listener.Accept()));
    });

    [Fact]
    public void UnacceptedConnections_ListenerDisposed_AreReset() => Run(static async ends =>
    {
        var listener = ends.Listen();
        var first = await ends.Connect(listener);
        var second = await ends.Connect(listener);
        await ends.Settle();
        await listener.DisposeAsync();
        Assert.Equal(new TcpError.Reset(listener.Reachable), await ReadError(first.Input));
        Assert.Equal(new TcpError.Reset(listener.Reachable), await ReadError(second.Input));
    });

    [Fact]
    public void AcceptedConnections_ListenerDisposed_GoOn() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        _ = Echo(server);
        await Send(client, Pattern(10_000));
        await client.Output.CompleteAsync();
        Assert.Equal(Pattern(10_000), await ReadAll(client.Input));
    });
}
