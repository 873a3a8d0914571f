using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>A whole stack that answers for every host, and another one that believes it.</summary>
public sealed class ForwarderTests : IDisposable
{
    private readonly SimHost _host = new(seed: 22);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Connection_ToAnyAddress_CarriesBytesBothWays() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        var (client, server) = await Establish(pair);
        var bytes = Flows.Bytes(60_000);
        var sending = client.Write(bytes);
        var back = server.Write(bytes);
        Assert.Equal(bytes, await server.Input.ReadExactly(bytes.Length));
        Assert.Equal(bytes, await client.Input.ReadExactly(bytes.Length));
        await Task.WhenAll(sending, back);
        Assert.Equal((ForwardPair.Elsewhere, client.Local), (server.Local, server.Remote));
    });

    [Fact]
    public void Refused_TheClientHearsIt() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        pair.Log.OnConnecting = static connection => connection.Refuse();
        var refused = await TcpIp<VirtualPort>.Connect(pair.Client, ForwardPair.Elsewhere);
        Assert.Equal(new TcpError.Refused(ForwardPair.Elsewhere), refused.Error());
    });

    [Fact]
    public void Disposed_ConnectionsAreReset_AndNobodyAnswersForOthersAnyMore() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        var (client, server) = await Establish(pair);
        pair.Forwarder.Dispose();
        pair.Forwarder.Dispose();
        await pair.Settle();
        foreach (var flow in new[] { client, server })
            await Assert.ThrowsAsync<FlowException>(async () => await flow.Input.ReadAsync());
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(10), _host.Time);
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
            await TcpIp<VirtualPort>.Connect(pair.Client, ForwardPair.Elsewhere, source.Token));
        Assert.Single(pair.Log.Connections);
        using var again = TcpIp<VirtualPort>.Forward(pair.Gateway, pair.Log).Value(); // It may begin anew.
        await Establish(pair);
    });

    [Fact]
    public void Echo_IsAnsweredForThisHostAlone() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        (await TcpIp<VirtualPort>.Echo(pair.Client, IpAddress.Parse("10.0.0.2"), new byte[8])).Value();
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1), _host.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await TcpIp<VirtualPort>.Echo(pair.Client, ForwardPair.Elsewhere.Address, new byte[8], source.Token));
    });

    [Fact]
    public void Twice_IsACallersBug_AndADisconnectedStackSaysClosed() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        Assert.Throws<InvalidOperationException>(() => TcpIp<VirtualPort>.Forward(pair.Gateway, pair.Log));
        await pair.DisconnectGateway();
        Assert.IsType<TcpError.Closed>(TcpIp<VirtualPort>.Forward(pair.Gateway, pair.Log).Error());
    });

    [Fact]
    public void Datagrams_OfOnePairOfEnds_AreOneFlow_AndAreAnsweredFromThere() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        using var socket = UdpSocket<TcpIp<VirtualPort>>.Open(_host, pair.Client).Value();
        socket.Send(ForwardPair.Elsewhere, new ReadOnlySequence<byte>([1])).Value();
        socket.Send(ForwardPair.Elsewhere, new ReadOnlySequence<byte>([2, 2])).Value();
        await pair.Settle();
        var flow = Assert.Single(pair.Log.Flows);
        Assert.Equal([[1], [2, 2]], flow.Received);
        flow.Ends.Write(new ReadOnlySequence<byte>([3])).Value();
        var answer = (await socket.ReceiveAsync(new byte[8])).Value();
        Assert.Equal(ForwardPair.Elsewhere, answer.Source);
        socket.Send(ForwardPair.Elsewhere with { Port = 53 }, new ReadOnlySequence<byte>([4])).Value();
        await pair.Settle();
        Assert.Equal(2, pair.Log.Flows.Count);
    });

    [Fact]
    [Trait("Conforms", "RFC 1122 section 4.1.3.1")]
    public void Datagram_NotTaken_IsAnsweredByPortUnreachable() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        pair.Log.TakesDatagrams = false;
        using var socket =
            UdpSocket<TcpIp<VirtualPort>>.Connect(_host, pair.Client, ForwardPair.Elsewhere).Value();
        socket.Send(ForwardPair.Elsewhere, new ReadOnlySequence<byte>([1])).Value();
        Assert.IsType<UdpError.Unreachable>((await socket.ReceiveAsync(new byte[8])).Error());
    });

    [Fact]
    public void Datagram_ToThisHost_GoesToItsOwnPorts() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        using var port = UdpSocket<TcpIp<VirtualPort>>.Open(_host, pair.Gateway, 53).Value();
        using var socket = UdpSocket<TcpIp<VirtualPort>>.Open(_host, pair.Client).Value();
        socket.Send(new(IpAddress.Parse("10.0.0.2"), 53), new ReadOnlySequence<byte>([1])).Value();
        await port.ReceiveAsync(new byte[8]);
        socket.Send(ForwardPair.Elsewhere with { Port = 53 }, new ReadOnlySequence<byte>([2])).Value();
        await pair.Settle();
        Assert.Equal([2], Assert.Single(Assert.Single(pair.Log.Flows).Received));
    });

    [Fact]
    [Trait("Conforms", "RFC 4787 section 4.3")]
    public void DatagramFlow_Silent_EndsInItsTime_TheUnansweredSooner() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        using var socket = UdpSocket<TcpIp<VirtualPort>>.Open(_host, pair.Client).Value();
        for (byte number = 0; number < 2; number++)
            socket.Send(ForwardPair.Elsewhere with { Port = (ushort)(number + 1) },
                new ReadOnlySequence<byte>([number])).Value();
        await pair.Settle();
        pair.Log.Flows[0].Ends.Write(new ReadOnlySequence<byte>([9])).Value();
        await pair.Settle(29);
        Assert.DoesNotContain(pair.Log.Flows, static flow => flow.IsClosed);
        await pair.Settle(2);
        Assert.Equal([false, true], pair.Log.Flows.Select(static flow => flow.IsClosed));
        await pair.Settle(88);
        Assert.False(pair.Log.Flows[0].IsClosed);
        await pair.Settle(2);
        Assert.True(pair.Log.Flows[0].IsClosed);
        Assert.IsType<UdpError.Closed>(pair.Log.Flows[0].Ends.Write(new ReadOnlySequence<byte>([9])).Error());
    });

    [Fact]
    public void DatagramFlows_AtTheLimit_TheOldestUnansweredGoes_AndTheAnsweredStay() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host, new() { DatagramFlowsMax = 2 });
        using var socket = UdpSocket<TcpIp<VirtualPort>>.Open(_host, pair.Client).Value();
        async Task Send(ushort port)
        {
            socket.Send(ForwardPair.Elsewhere with { Port = port }, new ReadOnlySequence<byte>([1])).Value();
            await pair.Settle();
        }

        await Send(1);
        pair.Log.Flows[0].Ends.Write(new ReadOnlySequence<byte>([9])).Value();
        await Send(2);
        await Send(3);
        Assert.Equal([false, true, false], pair.Log.Flows.Select(static flow => flow.IsClosed));
        pair.Log.Flows[2].Ends.Write(new ReadOnlySequence<byte>([9])).Value();
        await Send(4);
        Assert.Equal(3, pair.Log.Flows.Count); // Its datagram is lost: both others were answered.
        pair.Log.Flows[2].Ends.Dispose();
        Assert.False(pair.Log.Flows[2].IsClosed); // Who disposes it knows.
        await Send(4);
        Assert.Equal(4, pair.Log.Flows.Count);
    });

    [Fact]
    public void DatagramFlow_ThePeersPortIsGone_Ends() => _host.Run(async () =>
    {
        await using var pair = new ForwardPair(_host);
        using (var socket = UdpSocket<TcpIp<VirtualPort>>.Open(_host, pair.Client).Value())
        {
            socket.Send(ForwardPair.Elsewhere, new ReadOnlySequence<byte>([1])).Value();
            await pair.Settle();
        }

        pair.Log.Flows[0].Ends.Write(new ReadOnlySequence<byte>([2])).Value();
        await pair.Settle();
        Assert.True(pair.Log.Flows[0].IsClosed);
    });

    private static async Task<(IFlow Client, IFlow Server)> Establish(ForwardPair pair)
    {
        var connecting = TcpIp<VirtualPort>.Connect(pair.Client, ForwardPair.Elsewhere);
        while (!pair.Log.Connections.Exists(static connection => !connection.IsDecided))
            await pair.Settle();
        var server = (await pair.Log.Connections[^1].Accept()).Value();
        return ((await connecting).Value(), server);
    }
}
