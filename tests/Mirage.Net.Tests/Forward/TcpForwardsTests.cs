using LanguageExt;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Connections to other hosts from the SYN to the decision and to the end of the handshake.</summary>
public sealed class TcpForwardsTests : IDisposable
{
    private const TcpFlags Syn = TcpFlags.Syn, Ack = TcpFlags.Ack, Rst = TcpFlags.Rst;

    private static readonly IpAddress s_elsewhere = IpAddress.Parse("192.0.2.7");

    private readonly SimHost _host = new(seed: 21);
    private readonly ForwardLog _log = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.2")]
    public void Syn_ToAnotherHost_IsAnsweredOnceItIsAccepted() => Run(async site =>
    {
        site.Receives(TcpSite.Client(1), Syn, 100, port: 443).SaysNothing();
        var connection = Assert.Single(_log.Connections);
        Assert.Equal((new Endpoint(s_elsewhere, 443), TcpSite.Client(1)), (connection.Local, connection.Remote));
        var flow = await Accept(site, connection, 100);
        Assert.Equal((connection.Local, connection.Remote), (flow.Local, flow.Remote));
        Assert.Equal((0, 1), (site.Engine.Forwards.Count, site.Engine.Count));
        Assert.True(connection.IsDecided);
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.1")]
    public void Refused_IsResetAsIfNobodyListened() => Run(site =>
    {
        site.Receives(TcpSite.Client(1), Syn, 100);
        _log.Connections[0].Refuse();
        var answer = site.Next();
        Assert.Equal((Rst | Ack, 0u, 101u), (answer.Flags, answer.Sequence, answer.Acknowledgment));
        _log.Connections[0].Refuse();
        site.SaysNothing();
        Assert.Equal((0, 1L), (site.Engine.Forwards.Count, site.Counters.OutRsts));
    });

    [Fact]
    public void SynAgain_BeforeTheDecision_IsTheSameConnection_AfterItWasIgnored_AnotherOne() => Run(site =>
    {
        site.Receives(TcpSite.Client(1), Syn, 100).Receives(TcpSite.Client(1), Syn, 200);
        Assert.Single(_log.Connections).Refuse();
        Assert.Equal(201u, site.Next().Acknowledgment); // The SYN that counts is the last one.
        site.Receives(TcpSite.Client(1), Syn, 300);
        _log.Connections[1].Ignore();
        site.Receives(TcpSite.Client(1), Syn, 300).SaysNothing();
        Assert.Equal(3, _log.Connections.Count);
    });

    [Fact]
    public void SegmentOfNoConnection_IsReset_AndAResetIsNot() => Run(site =>
    {
        site.Receives(TcpSite.Client(1), Ack, 100, 500);
        Assert.Equal((Rst, 500u), (site.Next().Flags, 500u));
        site.Receives(TcpSite.Client(1), Rst, 100).SaysNothing();
        Assert.Empty(_log.Connections);
    });

    [Fact]
    public void Syn_ToThisHost_IsNotForwarded() => Run(site =>
    {
        site.Destination = TcpSite.Local.Address;
        site.Receives(TcpSite.Client(1), Syn, 100);
        Assert.Equal(Rst | Ack, site.Next().Flags);
        Assert.Empty(_log.Connections);
    });

    [Fact]
    public void Listener_OfThatPort_HearsNothingOfAnotherHostsConnections() => Run(async site =>
    {
        await using var listener = site.Listen(port: 443);
        site.Receives(TcpSite.Client(1), Syn, 100, port: 443).SaysNothing();
        Assert.Single(_log.Connections);
        var flow = await Accept(site, _log.Connections[0], 100);
        site.Destination = TcpSite.Local.Address;
        site.Receives(TcpSite.Client(1), Syn, 100, port: 443);
        Assert.Equal(Syn | Ack, site.Next().Flags); // The listener is there still, and answers for this host.
        Assert.Equal(s_elsewhere, flow.Local.Address);
    });

    [Fact]
    public void ManySyns_TheLimitHolds_AndTheNextOneIsDropped() => Run(site =>
    {
        for (var number = 0; number < TcpLimits.ForwardsMax; number++)
            site.Receives(TcpSite.Client(number), Syn, 1, port: (ushort)(number + 1));
        Assert.Equal((TcpLimits.ForwardsMax, 0L), (_log.Connections.Count, site.Counters.ListenDrops));
        site.Receives(TcpSite.Client(0), Syn, 1, port: 60_000);
        Assert.Equal((TcpLimits.ForwardsMax, 1L), (_log.Connections.Count, site.Counters.ListenDrops));
        _log.Connections[0].Ignore();
        site.Receives(TcpSite.Client(0), Syn, 1, port: 60_000).SaysNothing();
        Assert.Equal(TcpLimits.ForwardsMax + 1, _log.Connections.Count);
    });

    [Fact]
    public void HalfOpen_CountsToTheLimit_AndEndsByTimeout() => Run(async site =>
    {
        var accepting = new List<Task<Either<TcpError, IFlow>>>();
        _log.OnConnecting = connection => accepting.Add(connection.Accept().AsTask());
        for (var number = 0; number < 4; number++)
            site.Receives(TcpSite.Client(number), Syn, 1);
        Assert.Equal((3, 3, 3), (accepting.Count, site.Engine.Forwards.Count, site.Engine.Handshakes.Count));
        await Task.Delay(TimeSpan.FromSeconds(62), _host.Time);
        Assert.DoesNotContain(accepting, task => task.IsCompleted);
        await Task.Delay(TimeSpan.FromSeconds(2), _host.Time);
        foreach (var task in accepting)
            Assert.IsType<TcpError.Timeout>((await task).Error());
        Assert.Equal((0, 0), (site.Engine.Forwards.Count, site.Engine.Handshakes.Count));
    }, new() { ConnectingMax = 3 });

    [Fact]
    [Trait("Conforms", "RFC 5961 section 3.2")]
    public void PeerResetsTheHandshake_AcceptSaysSo() => Run(async site =>
    {
        site.Receives(TcpSite.Client(1), Syn, 100);
        var accepting = _log.Connections[0].Accept();
        site.Receives(TcpSite.Client(1), Rst, 101);
        Assert.IsType<TcpError.Reset>((await accepting).Error());
        Assert.Equal((0, 0), (site.Engine.Forwards.Count, site.Engine.Handshakes.Count));
    });

    [Fact]
    public void Undecided_IsForgottenAfterTwoMinutes() => Run(async site =>
    {
        site.Receives(TcpSite.Client(1), Syn, 100);
        await Task.Delay(TimeSpan.FromSeconds(119), _host.Time);
        Assert.False(_log.Connections[0].IsDecided);
        await Task.Delay(TimeSpan.FromSeconds(2), _host.Time);
        Assert.True(_log.Connections[0].IsDecided);
        Assert.IsType<TcpError.Closed>((await _log.Connections[0].Accept()).Error());
        Assert.Equal(0, site.Engine.Forwards.Count);
        Assert.DoesNotContain(_host.Holdings.Held, static held => held.Name == "armed timers");
        site.SaysNothing();
    });

    [Fact]
    public void Accept_Cancelled_ResetsTheHandshake_AndASecondAcceptIsABug() => Run(async site =>
    {
        site.Receives(TcpSite.Client(1), Syn, 100);
        using var source = new CancellationTokenSource();
        var accepting = _log.Connections[0].Accept(cancellation: source.Token);
        site.Next();
        source.Cancel();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await accepting);
        Assert.Equal(Rst | Ack, site.Next().Flags);
        Assert.Equal((0, 0), (site.Engine.Forwards.Count, site.Engine.Handshakes.Count));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _log.Connections[0].Accept());
    });

    [Fact]
    public void Closed_UndecidedAreRefused_HalfOpenAreReset_AndNothingComesAnyMore() => Run(async site =>
    {
        site.Receives(TcpSite.Client(1), Syn, 100).Receives(TcpSite.Client(2), Syn, 100);
        var accepting = _log.Connections[1].Accept();
        site.Next();
        site.Engine.Forwards.Close();
        Assert.Equal([Rst | Ack, Rst | Ack], [site.Next().Flags, site.Next().Flags]);
        Assert.IsType<TcpError.Closed>((await accepting).Error());
        Assert.Equal((0, 0), (site.Engine.Forwards.Count, site.Engine.Handshakes.Count));
    });

    [Fact]
    [Trait("Conforms", "RFC 1122 section 4.2.2.13")]
    public void TimeWait_ALaterSyn_IsANewConnection_WhoseNumbersGoOn() => Run(async site =>
    {
        site.Receives(TcpSite.Client(1), Syn, 100);
        var flow = await Accept(site, _log.Connections[0], 100);
        await flow.DisposeAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(1), _host.Time);
        var fin = site.Next();
        Assert.Equal(TcpFlags.Fin, fin.Flags & TcpFlags.Fin);
        site.Receives(TcpSite.Client(1), TcpFlags.Fin | Ack, 101, fin.Sequence.Plus(1));
        await Task.Delay(TimeSpan.FromMilliseconds(1), _host.Time);
        Assert.Equal((Ack, 1), (site.Next().Flags, site.Engine.TimeWaits.Count));
        site.Receives(TcpSite.Client(1), Syn, 5000).SaysNothing();
        var accepting = _log.Connections[1].Accept().AsTask();
        var answer = site.Next();
        Assert.Equal((Syn | Ack, 0), (answer.Flags, site.Engine.TimeWaits.Count));
        Assert.True(answer.Sequence.IsAfter(fin.Sequence));
        Assert.False(accepting.IsCompleted);
    });

    private void Run(Action<TcpSite> body) => Run(site =>
    {
        body(site);
        return Task.CompletedTask;
    });

    private void Run(Func<TcpSite, Task> body, ForwardOptions options = default) => _host.Run(async () =>
    {
        var site = new TcpSite(_host) { Destination = s_elsewhere };
        site.Engine.Forwards.Open(_log, options);
        await body(site);
        await site.Disconnect();
        await Task.Yield();
        Assert.Equal(0, site.Engine.Forwards.Count);
    });

    private static async Task<IFlow> Accept(TcpSite site, ForwardedConnection connection, uint sequence)
    {
        var accepting = connection.Accept();
        var answer = site.Next();
        Assert.Equal((Syn | Ack, sequence + 1), (answer.Flags, answer.Acknowledgment));
        site.Receives(connection.Remote, Ack, sequence + 1, answer.Sequence.Plus(1), port: connection.Local.Port);
        return (await accepting).Value();
    }
}
