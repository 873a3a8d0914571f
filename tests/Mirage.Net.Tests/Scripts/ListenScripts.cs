using Mirage.Testing;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

/// <summary>How peers' connections begin, and what a listener does under pressure, packet by packet.</summary>
public sealed class ListenScripts
{
    private static readonly ListenOptions s_oneHalfOpen = new() { HalfOpenMax = 1 };

    [Fact]
    [Trait("Conforms", "RFC 6298 section 5.5")]
    [Trait("Behaviour", "90")]
    public void SynReceived_NobodyAcknowledges_TheAnswerIsRepeatedEachTimeTwiceAsLate() =>
        PacketScript.Run(async script =>
        {
            script.Listen();
            script.Inject(Syn().Mss(1000));
            await script.Expect(SynAck());
            for (var seconds = 1; seconds <= 16; seconds *= 2)
                await script.Expect(SynAck().Mss(1460), After(Seconds(seconds)));
            await script.ExpectNothing(Seconds(32));
            script.Inject(Ack(1, 1)); // It was given up.
            await script.Expect(Rst(1));
        });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.4")]
    [Trait("Behaviour", "90")]
    public void SynReceived_OtherSegments_AreAnsweredByTheBook() => PacketScript.Run(async script =>
    {
        var listener = script.Listen();
        script.Inject(Syn());
        await script.Expect(SynAck());
        script.Inject(Ack(1, 2));
        await script.Expect(Rst(2));
        script.Inject(Syn());
        await script.Expect(SynAck());
        script.Inject(Rst(2)); // In the window, and not the next one.
        await script.Expect(Ack(1, 1));
        script.Inject(Rst(1));
        script.Inject(Ack(1, 1)); // Back in LISTEN.
        await script.Expect(Rst(1));
        script.Inject(Syn());
        await script.Expect(SynAck());
        script.Inject(Ack(1, 1));
        await listener.Accept();
    });

    [Fact]
    [Trait("Conforms", "RFC 9293 section 3.10.7.2")]
    [Trait("Behaviour", "86")]
    public void SynWithData_IsNotAcknowledged_AndTheDataSentAgainArrives() => PacketScript.Run(async script =>
    {
        var listener = script.Listen();
        script.Inject(Tcp(TcpFlags.Syn, 0, length: 100).Mss(1000));
        await script.Expect(SynAck(0, 1));
        script.Inject(Data(1, 1, 100).Window(30_000));
        var flow = await listener.Accept();
        await flow.Read(100);
        await script.Expect(Ack(1, 101));
    });

    [Fact]
    [Trait("Behaviour", "113")]
    public void AcceptQueueIsFull_TheLastAcknowledgmentIsDropped_AndTheNextSegmentCompletes() =>
        PacketScript.Run(async script =>
        {
            var listener = script.Listen(options: new() { Backlog = 1 });
            var first = script.AddConnection(80, 4321);
            first.Inject(Syn());
            await first.Expect(SynAck());
            var second = script.AddConnection(80, 4322, peerInitial: 99);
            second.Inject(Syn());
            await second.Expect(SynAck());
            first.Inject(Ack(1, 1));
            second.Inject(Ack(1, 1)); // Dropped: the answer is sent again, as if it had been lost.
            await second.Expect(SynAck(), After(Seconds(1)));
            second.Inject(Ack(1, 1));
            await listener.Accept();
            second.Inject(Data(1, 1, 10));
            var flow = await listener.Accept();
            await flow.Read(10);
            await second.Expect(Ack(1, 11));
        });

    [Fact]
    [Trait("Behaviour", "102")]
    public void ListenerCloses_WhatIsHalfOpenOrNotAccepted_IsReset() => PacketScript.Run(async script =>
    {
        var listener = script.Listen();
        var first = script.AddConnection(80, 4321);
        first.Inject(Syn());
        await first.Expect(SynAck());
        var second = script.AddConnection(80, 4322, peerInitial: 99);
        second.Inject(Syn());
        await second.Expect(SynAck());
        first.Inject(Ack(1, 1));
        await script.ExpectNothing(Milliseconds(1));
        await listener.DisposeAsync();
        await second.Expect(RstAck(1, 1));
        await first.Expect(RstAck(1, 1));
        await script.ExpectNothing(Seconds(100));
    });

    [Fact]
    [Trait("Conforms", "RFC 4987 section 3.6")]
    [Trait("Behaviour", "114")]
    public void QueueIsFull_TheCookieConnects_WithThePeersSegmentSize() => PacketScript.Run(async script =>
    {
        var listener = script.Listen(options: s_oneHalfOpen);
        var first = script.AddConnection(80, 4321);
        first.Inject(Syn());
        await first.Expect(SynAck());
        var client = script.AddConnection(80, 4322, peerInitial: uint.MaxValue);
        client.Inject(Syn().Mss(1220).Scale(7).SackPermitted());
        await client.Expect(SynAck().Mss(1460).Without(kind: 3).Without(kind: 4)); // There is no room for them.
        await first.Expect(SynAck(), After(Seconds(1))); // Nobody remembers to repeat the other one.
        client.Inject(Data(1, 1, 10).Window(5000));
        var flow = await listener.Accept();
        await flow.Read(10);
        flow.Write(1300);
        await client.Expect(Data(1, 11, 1220));
        await client.Expect(Data(1221, 11, 80));
        client.Inject(Rst(11));
    });

    [Fact]
    [Trait("Conforms", "RFC 4987 section 3.6")]
    [Trait("Behaviour", "114")]
    public void QueueIsFull_WrongOrOldCookies_AreReset() => PacketScript.Run(async script =>
    {
        var listener = script.Listen(options: s_oneHalfOpen);
        var first = script.AddConnection(80, 4321);
        first.Inject(Ack(1, 1)); // None was sent yet.
        await first.Expect(Rst(1));
        first.Inject(Syn());
        await first.Expect(SynAck());
        var client = script.AddConnection(80, 4322, peerInitial: 7);
        client.Inject(Syn());
        await client.Expect(SynAck());
        client.Inject(Ack(1, 2000));
        await client.Expect(Rst(2000));
        client.Inject(Ack(2, 1));
        await client.Expect(Rst(1));
        await script.Skip(Seconds(128));
        client.Inject(Ack(1, 1));
        await client.Expect(Rst(1));
        client.Inject(Syn());
        await client.Expect(SynAck());
        client.Inject(Ack(1, 1));
        await listener.Accept();
    });
}
