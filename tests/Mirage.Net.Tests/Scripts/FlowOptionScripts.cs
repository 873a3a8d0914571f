using Mirage.Testing;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

/// <summary>What an application asks of its connections, packet by packet.</summary>
public sealed class FlowOptionScripts
{
    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.8.4")]
    [Trait("Behaviour", "136")]
    public void KeepAlive_SilentPeer_FailsReadingAfterTheLastProbe() => PacketScript.Run(async script =>
    {
        var options = new FlowOptions { KeepAlive = Seconds(60), KeepAliveInterval = Seconds(10), KeepAliveCount = 2 };
        var flow = await Establish(script, options);
        await script.Expect(Ack(0, 1), After(Seconds(60)));
        script.Inject(Ack(1, 1).Window(30_000));
        await script.Expect(Ack(0, 1), After(Seconds(60)));
        await script.Expect(Ack(0, 1), After(Seconds(10)));
        await script.Expect(RstAck(1, 1), After(Seconds(10)));
        Assert.IsType<TcpError.Timeout>(await flow.ReadError());
    });

    [Fact]
    [Trait("Conforms", "RFC 5482 section 1")]
    [Trait("Behaviour", "137")]
    public void UserTimeout_NothingAcknowledged_FailsReading() => PacketScript.Run(async script =>
    {
        var flow = await Establish(script, new() { UserTimeout = Seconds(1) });
        flow.Write(10);
        var packets = await script.Skip(Seconds(1));
        Assert.Equal(TcpFlags.Rst | TcpFlags.Ack, Assert.IsType<Segment>(packets[^1]).Flags);
        Assert.IsType<TcpError.Timeout>(await flow.ReadError());
    });

    [Fact]
    [Trait("Conforms", "RFC 3168 section 6.1.1")]
    [Trait("Behaviour", "138")]
    public void AsksForEcn_SynAsks_AndDataAreCapable() => PacketScript.Run(async script =>
    {
        var opening = script.Connect(80, options: new() { AsksForEcn = true });
        await script.Expect(Syn().Ace(7));
        script.Inject(SynAck().Ece().Mss(1000).Window(30_000));
        await script.Expect(Ack(1, 1).Ecn(IpEcn.NotEct));
        var flow = await opening.Established();
        flow.Write(10);
        await script.Expect(Data(1, 1, 10).Ecn(IpEcn.Ect0));
    });

    [Fact]
    [Trait("Behaviour", "103")]
    public void LingerOfZero_Disposed_ResetsAtOnce() => PacketScript.Run(async script =>
    {
        var flow = await Establish(script, new() { Linger = TimeSpan.Zero });
        flow.Write(10);
        await script.Expect(Data(1, 1, 10));
        await flow.Dispose();
        await script.Expect(RstAck(11, 1));
        await script.ExpectNothing(Seconds(100));
    });

    [Fact]
    [Trait("Behaviour", "103")]
    public void Linger_PeerTakesEverything_DisposeWaitsForIt() => PacketScript.Run(async script =>
    {
        var flow = await Establish(script, new() { Linger = Seconds(5) });
        flow.Write(10);
        await script.Expect(Data(1, 1, 10).Psh());
        var disposing = flow.Flow.DisposeAsync().AsTask();
        await script.Expect(Fin(11, 1));
        script.Inject(Ack(1, 11).Window(30_000));
        await script.Skip(Seconds(2)); // The FIN again.
        Assert.False(disposing.IsCompleted);
        script.Inject(Ack(1, 12).Window(30_000));
        await script.ExpectNothing(Milliseconds(1));
        Assert.True(disposing.IsCompletedSuccessfully);
        await flow.Flow.DisposeAsync();
        script.Inject(RstAck(1, 12));
    });

    [Fact]
    [Trait("Behaviour", "103")]
    public void Linger_PeerTakesNothing_DisposeResetsAtItsEnd() => PacketScript.Run(async script =>
    {
        var flow = await Establish(script, new() { Linger = Seconds(5) });
        flow.Write(10);
        await script.Expect(Data(1, 1, 10).Psh());
        var disposing = flow.Flow.DisposeAsync().AsTask();
        await script.Skip(Milliseconds(4999));
        Assert.False(disposing.IsCompleted);
        await script.Expect(RstAck(12, 1), After(Milliseconds(1)));
        await script.ExpectNothing(Milliseconds(1));
        Assert.True(disposing.IsCompletedSuccessfully);
        await script.ExpectNothing(Seconds(100));
    });

    [Fact]
    public void ReceiveBuffer_IsTheWindow() => PacketScript.Run(async script =>
    {
        script.Listen(options: new() { Flow = new() { ReceiveBuffer = 8000 } });
        script.Inject(Syn().Mss(1000).Scale(2));
        await script.Expect(SynAck().Window(8000).Scale(0));
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.7.4")]
    [Trait("Behaviour", "128")]
    public void Nagle_SmallWrite_WaitsForTheOneBeforeIt() => PacketScript.Run(async script =>
    {
        var flow = await Establish(script, new() { Nagle = true });
        flow.Write(10);
        await script.Expect(Data(1, 1, 10).Psh());
        flow.Write(10);
        await script.ExpectNothing(Milliseconds(1));
        script.Inject(Ack(1, 11).Window(30_000));
        await script.Expect(Data(11, 1, 10).Psh());
    });

    private static async Task<ScriptFlow> Establish(PacketScript script, FlowOptions options)
    {
        await using var listener = script.Listen(options: new() { Flow = options });
        script.Inject(Syn().Mss(1000).Window(30_000));
        await script.Expect(SynAck());
        script.Inject(Ack(1, 1).Window(30_000));
        return await listener.Accept();
    }
}
