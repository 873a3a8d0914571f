using Mirage.Testing;
using static Mirage.Net.Tests.ScriptSteps;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

/// <summary>Selective acknowledgments and timestamps, packet by packet.</summary>
public sealed class OptionScripts
{
    [Fact]
    [Trait("Conforms", "RFC 2018 section 4")]
    [Trait("Conforms", "RFC 2018 section 8")]
    [Trait("Behaviour", "143")]
    public void EverySecondSegmentIsLost_EachAcknowledgmentTellsTheNewestFirst() => PacketScript.Run(async script =>
    {
        // RFC 2018 section 8, case 3.
        var flow = await Establish(script);
        script.Inject(Data(1, 1, Mss));
        await script.Expect(Ack(1, 1001).Without(kind: 5));
        script.Inject(Data(2001, 1, Mss));
        await script.Expect(Ack(1, 1001).Sack((2001, 3001)));
        script.Inject(Data(4001, 1, Mss));
        await script.Expect(Ack(1, 1001).Sack((4001, 5001), (2001, 3001)));
        script.Inject(Data(6001, 1, Mss));
        await script.Expect(Ack(1, 1001).Sack((6001, 7001), (4001, 5001), (2001, 3001)));
        script.Inject(Data(3001, 1, Mss));
        await script.Expect(Ack(1, 1001).Sack((2001, 5001), (6001, 7001)));
        script.Inject(Data(1001, 1, Mss));
        await script.Expect(Ack(1, 5001).Sack((6001, 7001)));
        script.Inject(Data(5001, 1, Mss));
        await script.Expect(Ack(1, 7001).Without(kind: 5));
        await flow.Read(7 * Mss);
    });

    [Fact]
    [Trait("Conforms", "RFC 2883 section 4.1")]
    [Trait("Behaviour", "147")]
    public void SegmentComesTwice_TheAcknowledgmentTellsIt() => PacketScript.Run(async script =>
    {
        var flow = await Establish(script);
        script.Inject(Data(1, 1, Mss));
        await script.Expect(Ack(1, 1001));
        script.Inject(Data(1, 1, Mss));
        await script.Expect(Ack(1, 1001).Sack((1, 1001)));
        script.Inject(Data(2001, 1, Mss));
        await script.Expect(Ack(1, 1001).Sack((2001, 3001)));
        script.Inject(Data(2001, 1, Mss));
        await script.Expect(Ack(1, 1001).Sack((2001, 3001), (2001, 3001)));
        script.Inject(Data(1001, 1, Mss));
        await script.Expect(Ack(1, 3001).Without(kind: 5));
        await flow.Read(3 * Mss);
    });

    [Fact]
    [Trait("Conforms", "RFC 7323 section 3.2")]
    [Trait("Conforms", "RFC 7323 section 5.3")]
    [Trait("Behaviour", "121")]
    [Trait("Behaviour", "122")]
    public void Timestamps_AreEchoed_AndTellOldSegmentsFromNewOnes() => PacketScript.Run(async script =>
    {
        await using var listener = script.Listen();
        script.Inject(Syn().Mss(Mss).Timestamps(value: 100, echo: 0).SackPermitted());
        var answer = await script.Expect(SynAck().Timestamps(echo: 100).SackPermitted());
        var clock = answer.Clocks!.Value.Value;
        script.Inject(Ack(1, 1).Window(30_000).Timestamps(101, clock));
        var flow = await listener.Accept();
        await script.ExpectNothing(Milliseconds(70));
        flow.Write(Mss);
        await script.Expect(Data(1, 1, Mss - 12).Timestamps(clock + 70, 101));
        await script.Expect(Data(Mss - 11, 1, 12).Timestamps(clock + 70, 101));
        script.Inject(Ack(1, 1 + Mss).Timestamps(150, clock + 70));

        script.Inject(Data(1, 1 + Mss, 100).Timestamps(149, clock + 70)); // Old: acknowledged and dropped.
        await script.Expect(Ack(1 + Mss, 1).Timestamps(clock + 70, 150));
        script.Inject(Data(1, 1 + Mss, 100)); // Without: dropped.
        await script.ExpectNothing(Seconds(1));
        script.Inject(Data(1, 1 + Mss, 100).Timestamps(151, clock + 70));
        await script.Expect(Ack(1 + Mss, 101).Timestamps(clock + 1070, 151));
        await flow.Read(100);
    });

    [Fact]
    [Trait("Conforms", "RFC 7323 section 5.4")]
    [Trait("Behaviour", "121")]
    [Trait("Hostile", "34")]
    public void Clock_RisesBetweenConnectionsOfTheSameEnds_AndIsUnrelatedForOthers() => PacketScript.Run(async script =>
    {
        script.Listen();
        var first = await ClockOf(script, 4321);
        await script.ExpectNothing(Seconds(1));
        Assert.Equal(1000u, unchecked(await ClockOf(script, 4321) - first)); // RFC 6191 lives on it.
        var others = new List<uint>();
        for (ushort port = 5000; port < 5010; port++)
            others.Add(unchecked(await ClockOf(script, port) - first));
        // No clock that counts from the start of the host: it would tell how long ago that was.
        Assert.All(others, static distance => Assert.InRange(distance, 10_000u, uint.MaxValue - 10_000u));

        static async Task<uint> ClockOf(PacketScript script, ushort port)
        {
            var connection = script.AddConnection(80, port);
            connection.Inject(Syn().Timestamps(value: 1, echo: 0));
            var answer = await connection.Expect(SynAck().Timestamps(echo: 1));
            connection.Inject(Rst(1));
            return answer.Clocks!.Value.Value;
        }
    });

    private static async Task<ScriptFlow> Establish(PacketScript script)
    {
        await using var listener = script.Listen();
        script.Inject(Syn().Mss(Mss).Window(30_000).SackPermitted());
        await script.Expect(SynAck().SackPermitted());
        script.Inject(Ack(1, 1).Window(30_000));
        return await listener.Accept();
    }
}
