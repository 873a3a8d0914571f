using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Connections between two stacks, from the outside.</summary>
public sealed class TcpFlowTests : IDisposable
{
    private readonly SimHost _host = new(seed: 3) { Stall = TimeSpan.FromSeconds(30) };

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Connected_EchoedBytes_ComeBack() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        Assert.Equal(client.Local, server.Remote);
        Assert.Equal(client.Remote, server.Local);
        var echoing = server.Input.CopyToAsync(server.Output);
        await client.Write("hello"u8.ToArray());
        Assert.Equal("hello"u8.ToArray(), await client.Input.ReadExactly(5));
        await client.Output.CompleteAsync();
        await echoing;
        await server.DisposeAsync();
        Assert.Empty(await client.Input.ReadToEnd());
        await client.DisposeAsync();
    });

    [Fact]
    public void HalfClosed_TheOtherDirectionStillWorks() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        await client.Output.CompleteAsync();
        Assert.Empty(await server.Input.ReadToEnd());
        await server.Write(Flows.Bytes(100_000));
        await server.DisposeAsync();
        Assert.Equal(Flows.Bytes(100_000), await client.Input.ReadToEnd());
        await client.DisposeAsync();
    });

    [Fact]
    public void NobodyListens_ConnectIsRefused() => Run(async pair =>
    {
        var error = (await TcpIp<VirtualPort>.Connect(pair.Left, StackPair<VirtualPort, VirtualPort>.At(81))).Error();
        Assert.IsType<TcpError.Refused>(error);
        Assert.Equal(1, TcpIp<VirtualPort>.TcpCounters(pair.Right).OutRsts);
    });

    [Fact]
    public void NobodyIsThere_ConnectTimesOut() => Run(async pair =>
    {
        var error = (await TcpIp<VirtualPort>.Connect(pair.Left, new(IpAddress.Parse("10.0.0.77"), 80))).Error();
        Assert.True(error is TcpError.Timeout or TcpError.Unreachable, $"{error}");
    });

    [Theory]
    [InlineData("192.168.1.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("fd00::1")]
    public void NoRoute_ConnectSaysSo(string address) => Run(async pair =>
    {
        var error = (await TcpIp<VirtualPort>.Connect(pair.Left, new(IpAddress.Parse(address), 80))).Error();
        Assert.Equal(new TcpError.NoRoute(IpAddress.Parse(address)), error);
    });

    [Fact]
    public void ConnectIsCancelled_NothingIsLeftOfIt() => Run(async pair =>
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(2), _host.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await TcpIp<VirtualPort>.Connect(pair.Left, new(IpAddress.Parse("10.0.0.77"), 80), source.Token));
        Assert.Equal(0, TcpIp<VirtualPort>.Engine(pair.Left).Count);
    });

    [Fact]
    public void Aborted_ThePeerReadsAReset_AndThisEndThatItIsClosed() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        var reading = server.Input.ReadAsync();
        client.Abort();
        var remote = await Assert.ThrowsAsync<FlowException>(async () => await reading);
        Assert.Equal(new TcpError.Reset(server.Remote), remote.Error);
        var flushing = await Assert.ThrowsAsync<FlowException>(async () => await server.Output.WriteAsync(new byte[1]));
        Assert.IsType<TcpError.Reset>(flushing.Error);
        var local = await Assert.ThrowsAsync<FlowException>(async () => await client.Input.ReadAsync());
        Assert.IsType<TcpError.Closed>(local.Error);
        await client.DisposeAsync();
        await server.DisposeAsync();
    });

    [Fact]
    public void OutputCompletedWithAnError_ThePeerReadsAReset() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        await client.Output.CompleteAsync(new IOException("no"));
        var remote = await Assert.ThrowsAsync<FlowException>(async () => await server.Input.ReadAsync());
        Assert.IsType<TcpError.Reset>(remote.Error);
    });

    [Fact]
    public void Disposed_WhatWasWrittenIsDelivered() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        await client.Write(Flows.Bytes(300_000));
        await client.DisposeAsync();
        await client.DisposeAsync();
        Assert.Equal(Flows.Bytes(300_000), await server.Input.Drain());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.Input.ReadAsync());
    });

    [Fact]
    public void DisposedWithUnreadBytes_ThePeerReadsAReset() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        await client.Write([1]);
        await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
        await server.DisposeAsync();
        var remote = await Assert.ThrowsAsync<FlowException>(async () => await client.Input.ReadAsync());
        Assert.IsType<TcpError.Reset>(remote.Error);
    });

    [Fact]
    public void Disposed_BytesThatComeLater_AreAnsweredByAReset() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        await server.DisposeAsync();
        Assert.Empty(await client.Input.ReadToEnd());
        await client.Write([1]);
        await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
        await Assert.ThrowsAsync<FlowException>(async () => await client.Write([1]));
    });

    [Fact]
    public void ReaderIsSlow_TheWindowClosesAndOpensAgain() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        var bytes = Flows.Bytes(5_000_000);
        var writing = client.Write(bytes);
        await Task.Delay(TimeSpan.FromSeconds(30), _host.Time);
        Assert.False(writing.IsCompleted); // Both queues are full: two megabytes at most are under way.
        var rented = TcpIp<VirtualPort>.Engine(pair.Left).Pool.Rented;
        Assert.InRange(rented, 1, 2 * FlowWriter.PauseMax / BlockPool.BlockSize);
        var read = new MemoryStream();
        while (read.Length < bytes.Length)
        {
            var result = await server.Input.ReadAsync();
            var piece = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, 300_000));
            read.Write(piece.ToArray());
            server.Input.AdvanceTo(piece.End);
            await Task.Delay(TimeSpan.FromMilliseconds(100), _host.Time);
        }

        await writing;
        Assert.Equal(bytes, read.ToArray());
    });

    [Fact]
    public void ReadOfMoreThanTheBuffer_Waits_AndTheBufferGrows() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        var bytes = Flows.Bytes(10 * TcpLimits.ReceiveBufferInitial);
        var writing = client.Write(bytes);
        var read = await server.Input.ReadAtLeastAsync(bytes.Length);
        Assert.Equal(bytes, read.Buffer.ToArray());
        await writing;
    });

    // A scaled window opens by whole units: room for a segment is not always room for one.
    [Fact]
    public void ReadOfMoreThanTheBuffer_WithSomeConsumedBefore_IsServedHoweverMuchThatWas() => Run(async pair =>
    {
        const int Full = TcpLimits.ReceiveBufferInitial;
        for (var consumed = 1300; consumed < 1600; consumed += 25)
        {
            var (client, server) = await pair.Establish();
            var writing = client.Write(Flows.Bytes(2 * Full));
            await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
            var buffer = (await server.Input.ReadAsync()).Buffer;
            Assert.InRange(buffer.Length, Full - 5000, Full + 10_000);
            server.Input.AdvanceTo(buffer.GetPosition(consumed), buffer.End);
            var read = await server.Input.ReadAtLeastAsync((2 * Full) - consumed);
            Assert.Equal((2 * Full) - consumed, read.Buffer.Length);
            await writing;
            server.Input.AdvanceTo(read.Buffer.End);
            await client.DisposeAsync();
            await server.DisposeAsync();
        }
    });

    // What is left is promised to the peer already: it comes, however late.
    [Theory]
    [InlineData(64_500, 500)]
    [InlineData(65_000, 1)]
    [InlineData(1, 64_000)]
    public void ReadOfTheWholeBuffer_WhoseEndComesLate_IsServed(int first, int second) => Run(async pair =>
    {
        await using var listener = pair.Listen(80, new() { Flow = new() { ReceiveBuffer = 65_536 } });
        var accepting = listener.Accept();
        var client = await pair.Connect(80);
        var server = (await accepting).Value();
        await client.Write(Flows.Bytes(first));
        var reading = server.Input.ReadAtLeastAsync(first + second).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
        await client.Write(Flows.Bytes(second));
        Assert.Equal(first + second, (await reading).Buffer.Length);
    });

    [Fact]
    public void ReadOfMoreThanTheBufferCanBe_Fails_AndNothingIsLost() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        var bytes = Flows.Bytes(2 * TcpLimits.ReceiveBufferMax);
        var writing = client.Write(bytes);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await server.Input.ReadAtLeastAsync(bytes.Length));
        Assert.Contains("ReceiveBuffer in the FlowOptions", error.Message, StringComparison.Ordinal);
        var reading = server.Input.Drain();
        await writing;
        await client.Output.CompleteAsync();
        Assert.Equal(bytes, await reading);
    });

    [Fact]
    public void AsStreams_BytesGoThrough() => Run(async pair =>
    {
        var (client, server) = await pair.Establish();
        await using var writer = client.Output.AsStream();
        await using var reader = server.Input.AsStream();
        var writing = Task.Run(async () => await Task.Yield()); // The world goes on while another thread works.
        await writer.WriteAsync(Flows.Bytes(70_000));
        var read = new byte[70_000];
        await reader.ReadExactlyAsync(read);
        await writing;
        Assert.Equal(Flows.Bytes(70_000), read);
    });

    [Fact]
    public void ManyFlows_AllEcho() => Run(async pair =>
    {
        await using var listener = pair.Listen(7, new() { Backlog = 1000 });
        var serving = Serve();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(Client));
        Assert.Equal(1000, TcpIp<VirtualPort>.TcpCounters(pair.Left).ActiveOpens);

        async Task Serve()
        {
            while ((await listener.Accept()).Match<IFlow?>(flow => flow, _ => null) is { } flow)
                _ = Echo(flow);
        }

        static async Task Echo(IFlow flow)
        {
            await flow.Input.CopyToAsync(flow.Output);
            await flow.DisposeAsync();
        }

        async Task Client(int number)
        {
            var flow = await pair.Connect(7);
            var bytes = Flows.Bytes(3000, (ulong)number);
            await flow.Write(bytes);
            await flow.Output.CompleteAsync();
            Assert.Equal(bytes, await flow.Input.ReadToEnd());
            await flow.DisposeAsync();
        }
    });

    [Fact]
    public void BrokenFlow_NeverDisposed_IsNotHeld() => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        var (client, _) = await pair.Establish();
        Assert.Equal((1, 1), (TcpIp<VirtualPort>.Engine(pair.Left).Held, TcpIp<VirtualPort>.Engine(pair.Right).Held));
        client.Abort();
        await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
        Assert.Equal((0, 0), (TcpIp<VirtualPort>.Engine(pair.Left).Held, TcpIp<VirtualPort>.Engine(pair.Right).Held));
    });

    [Fact]
    public void StackIsDisconnected_WaitsEndAndNothingIsLeft()
    {
        _host.Run(async () =>
        {
            var pair = Flows.Pair(_host);
            var (client, server) = await pair.Establish();
            await client.Write(new byte[10_000]);
            client.Output.GetMemory(1);
            var reading = client.Input.ReadAsync();
            var listener = pair.Listen(9);
            var accepting = listener.Accept();
            var connecting = TcpIp<VirtualPort>.Connect(pair.Left, new(IpAddress.Parse("10.0.0.9"), 80));
            await Task.Delay(TimeSpan.FromMilliseconds(1), _host.Time);
            await pair.DisposeAsync();
            Assert.IsType<TcpError.Closed>((await Assert.ThrowsAsync<FlowException>(async () => await reading)).Error);
            Assert.IsType<TcpError.Closed>((await accepting).Error());
            Assert.IsType<TcpError.Closed>((await connecting).Error());
            Assert.IsType<TcpError.Closed>(TcpIp<VirtualPort>.Listen(pair.Right, 10).Error());
            Assert.IsType<TcpError.Closed>((await TcpIp<VirtualPort>.Connect(pair.Left, server.Local)).Error());
            await Assert.ThrowsAsync<FlowException>(async () => await server.Input.ReadAsync());
        });
        AssertNoTimers();
    }

    [Fact]
    public void DisposedFlow_StackIsDisconnectedAtOnce_WhatWasWrittenIsStillDelivered()
    {
        _host.Run(async () =>
        {
            await using var pair = Flows.Pair(_host);
            var (client, server) = await pair.Establish();
            var reading = server.Input.Drain();
            await client.Write(Flows.Bytes(500_000));
            await client.DisposeAsync();
            await server.Output.CompleteAsync();
            await TcpIp<VirtualPort>.Disconnect(pair.Left);
            Assert.Equal(Flows.Bytes(500_000), await reading);
            await server.DisposeAsync();
        });
        AssertNoTimers();
    }

    [Theory]
    [Trait("Behaviour", "94")]
    [InlineData(80)] // Somebody listens there.
    [InlineData(81)]
    [Trait("Hostile", "19")]
    public void ConnectToTheStackItself_FailsAtOnce(ushort port) => Run(async pair =>
    {
        await using var listener = pair.Listen(80);
        var itself = StackPair<VirtualPort, VirtualPort>.At(port);
        var before = _host.Loop.NowNs;
        var error = (await TcpIp<VirtualPort>.Connect(pair.Right, itself)).Error();
        Assert.Equal(new TcpError.NoRoute(itself.Address), error);
        Assert.Equal(before, _host.Loop.NowNs);
    });

    [Fact]
    public void ServerClosesFirst_ItsEndWaits_AndIsForgottenInTime() => Run(async pair =>
    {
        await using var listener = pair.Listen(80);
        for (var count = 0; count < 3; count++)
        {
            var accepting = listener.Accept();
            var client = await pair.Connect(80);
            var server = (await accepting).Value();
            await server.DisposeAsync();
            Assert.Empty(await client.Input.ReadToEnd());
            await client.DisposeAsync();
            await Task.Delay(TimeSpan.FromSeconds(1), _host.Time);
            Assert.Equal(count + 1, TcpIp<VirtualPort>.Engine(pair.Right).TimeWaits.Count);
            Assert.Equal(0, TcpIp<VirtualPort>.Engine(pair.Left).Count);
        }

        await Task.Delay(TimeSpan.FromMinutes(2), _host.Time);
        Assert.Equal(0, TcpIp<VirtualPort>.Engine(pair.Right).TimeWaits.Count);
    });

    // A world without timers stands still; one with a timer would move its clock on first.
    private void AssertNoTimers()
    {
        var before = _host.Loop.NowNs;
        var never = new TaskCompletionSource();
        Assert.Throws<InvalidOperationException>(() => _host.Run(async () => await never.Task));
        Assert.Equal(before, _host.Loop.NowNs);
    }

    private void Run(Func<StackPair<VirtualPort, VirtualPort>, Task> test) => _host.Run(async () =>
    {
        await using var pair = Flows.Pair(_host);
        await test(pair);
    });
}
