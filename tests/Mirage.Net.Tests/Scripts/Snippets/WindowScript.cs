using Mirage.Testing;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

public sealed class WindowScript
{
    [Fact]
    public void PeerShutsItsWindow_TheStackProbesIt() => PacketScript.Run(async script =>
    {
        var listener = script.Listen(port: 80);
        script.Inject(Syn(0).Mss(1000).Window(2000));
        await script.Expect(SynAck(0, 1).Mss(1460));
        script.Inject(Ack(1, 1).Window(2000));

        var flow = await listener.Accept();
        flow.Write(2000);
        await script.Expect(Data(1, 1, length: 1000));
        await script.Expect(Data(1001, 1, length: 1000));
        script.Inject(Ack(1, 2001).Window(0));

        // RFC 9293 section 3.8.6.1: a probe after the retransmission timeout, and then at growing intervals.
        flow.Write(500);
        await script.ExpectNothing(Milliseconds(150));
        await script.Expect(Data(2001, 1, length: 1), After(Milliseconds(50)));
        script.Inject(Ack(1, 2001).Window(0));
        await script.Expect(Data(2001, 1, length: 1), Within(Seconds(1)));
        script.Inject(Ack(1, 2002).Window(2000));
        await script.Expect(Data(2002, 1, length: 499).Psh());
    });
}
