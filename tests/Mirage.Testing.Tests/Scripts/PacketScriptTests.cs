using Mirage.Net;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Testing.Tests;

/// <summary>A script that is not followed says what was expected, what came and what had happened.</summary>
public sealed class PacketScriptTests
{
    [Fact]
    public void AnotherSegmentComes_TheFieldsThatDifferAreNamed_WithTheExchange()
    {
        var failure = Fails(async script =>
        {
            await using var listener = script.Listen();
            script.Inject(Syn(0).Mss(1000).Window(30_000));
            await script.Expect(SynAck(0, 2).Mss(536).Window(1));
        });
        Assert.Equal("""
            A packet came that is not the one expected.
              expected  +0.000000 > S. 0:0(0) ack 2 win 1 <mss 536>
              received  +0.000000 > S. 0:0(0) ack 1 win 65535 <mss 1460>
              differs   ack: expected 2, received 1
              differs   window: expected 1, received 65535
              differs   mss: expected 536, received 1460
            The exchange until then ('<' to the stack, '>' from it, '*' its application):
                0.000000 * the application listens on port 80
                0.000000 < S 0:0(0) win 30000 <mss 1000>
                0.000000 > S. 0:0(0) ack 1 win 65535 <mss 1460>
            """, failure);
    }

    [Fact]
    public void ScriptThatNeverEnds_FailsAtItsLimit_WithTheExchange()
    {
        var failure = Fails(async script =>
        {
            script.Inject(Rst(1));
            while (true)
                await script.Skip(Seconds(1));
        });
        Assert.StartsWith("The script did not end within 01:00:00 of its time.\n", failure, StringComparison.Ordinal);
        Assert.Contains("0.000000 < R", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void ScriptThatIsLongerThanItsLimit_FailsOnlyThen()
    {
        var options = new PacketScriptOptions { Limit = TimeSpan.FromMinutes(1) };
        PacketScript.Run(static async script => await script.Skip(Seconds(59)), options);
        Assert.Throws<ScriptException>(() =>
            PacketScript.Run(static async script => await script.Skip(Seconds(61)), options));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PacketScript.Run(static _ => Task.CompletedTask, options with { Limit = TimeSpan.Zero }));
    }

    [Fact]
    public void ScriptWithoutATask_IsRefused() => Assert.StartsWith("A script returns its task",
        Assert.Throws<ArgumentException>(() => PacketScript.Run(static _ => null!)).Message, StringComparison.Ordinal);

    [Fact]
    public void NothingComes_IsSaidWithTheTimeThatWasWaited()
    {
        var failure = Fails(async script =>
        {
            script.Inject(Rst(1));
            await script.Expect(Ack(1, 1), Within(Milliseconds(500)));
        });
        Assert.StartsWith("""
            A packet was expected and did not come.
              expected  +0.000000~+0.500000 > . 1:1(0) ack 1
              received  nothing
            """, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void SegmentComesTooEarly_IsSaid()
    {
        var failure = Fails(async script =>
        {
            script.Connect();
            await script.Expect(Syn());
            await script.Expect(Syn(), After(Seconds(2)));
        });
        Assert.Contains("expected  +2.000000 > S 0:0(0)\n  received  +1.000000 > S 0:0(0) win", failure,
            StringComparison.Ordinal);
        Assert.Contains("differs   time: it came too early", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void SegmentComesTooLate_IsNotTaken()
    {
        var failure = Fails(async script =>
        {
            script.Connect();
            await script.Expect(Syn());
            await script.Expect(Syn(), Within(Milliseconds(999)));
        });
        Assert.Contains("received  nothing", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void SomethingComesWhereNothingIsExpected_IsShown()
    {
        var failure = Fails(async script =>
        {
            script.Connect();
            await script.Expect(Syn());
            await script.ExpectNothing(Seconds(2));
        });
        Assert.Contains("Nothing was expected for 2.000000 s, and a packet came.\n  received  +1.000000 > S", failure,
            StringComparison.Ordinal);
    }

    [Fact]
    public void NothingUntilTheVeryMoment_IsNothing() => PacketScript.Run(async script =>
    {
        script.Connect();
        await script.Expect(Syn());
        await script.ExpectNothing(Seconds(1));
        await script.Expect(Syn());
        Assert.Equal(2, (await script.Skip(Seconds(6))).Count);
    });

    [Fact]
    public void ScriptIsOver_APacketThatNobodyExpected_Fails()
    {
        var failure = Fails(async script =>
        {
            script.Inject(Data(1, 1, 1));
            script.Inject(EchoRequest(1, 1));
            await script.Expect(Rst(1));
        });
        Assert.StartsWith("The script is over, and a packet is left.\n  received  > icmp EchoReply", failure,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ScriptEndsWithAnInjectedPacket_TheAnswerIsLeft() =>
        Assert.StartsWith("The script is over, and a packet is left.\n  received  > R. 0:0(0) ack 1", Fails(script =>
        {
            script.AddConnection(81, 4321);
            script.Inject(Syn());
            return Task.CompletedTask;
        }), StringComparison.Ordinal);

    [Fact]
    public void AnotherKindOfPacket_OtherPayloadAndConnection_AreNamed()
    {
        Assert.Contains("another kind of packet", Fails(async script =>
        {
            script.Inject(EchoRequest(1, 1));
            await script.Expect(Udp(1, 2));
        }), StringComparison.Ordinal);
        Assert.Contains("data: byte 2 is 0x03 and not 0x04", Fails(async script =>
        {
            script.Inject(EchoRequest(1, 1, 1, 2, 3));
            await script.Expect(EchoReply(1, 1, 1, 2, 4));
        }), StringComparison.Ordinal);
        Assert.Contains("connection: expected 80-4321, received 81-4321", Fails(async script =>
        {
            var (one, two) = (script.AddConnection(80, 4321), script.AddConnection(81, 4321));
            two.Inject(Ack(1, 1));
            await one.Expect(Rst(1));
        }), StringComparison.Ordinal);
    }

    [Fact]
    public void ApplicationDoesNotDoIt_IsSaid()
    {
        Assert.StartsWith("The application accepts: that was expected +1.000000, and did not happen.",
            Fails(async script => await script.Listen().Accept(After(Seconds(1)))), StringComparison.Ordinal);
        Assert.StartsWith("The application listens on port 80: that failed with TCP port 80 is in use.",
            Fails(script =>
            {
                script.Listen();
                script.Listen();
                return Task.CompletedTask;
            }), StringComparison.Ordinal);
        Assert.StartsWith("The application read 3 bytes, and the one at 2 is wrong.",
            Fails(async script =>
            {
                var listener = script.Listen();
                script.Inject(Syn());
                await script.Expect(SynAck());
                script.Inject(Data(1, 1, 0).Payload(StreamPattern.At(1), 0, 0));
                await (await listener.Accept()).Read(3);
            }), StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsOfEveryKind_AreSentAndReadAndWritten()
    {
        var segment = Tcp(TcpFlags.Ack, 1, 1).Timestamps(7, 9).Sack((1001, 2001)).Psh().Ecn(IpEcn.Ce).Urgent(3);
        Assert.Equal("[ce] PU. 1:1(0) ack 1 urg 3 <TS val 7 ecr 9,sack 1001:2001>", segment.ToString());
        Assert.Equal("S 0:0(0) <mss 1460,sackOK,wscale 7,0xfd00>",
            Syn().Mss(1460).SackPermitted().Scale(7).RawOptions(0xFD, 0).ToString());
        Assert.Throws<ArgumentException>(() => PacketScript.Run(script =>
        {
            script.Inject(Ack(1, 1).RawOptions(new byte[41]));
            return Task.CompletedTask;
        }));
    }

    [Fact]
    public void SameSeed_SameExchange_AnotherSeed_OtherNumbers()
    {
        Assert.Equal(InitialOf(1), InitialOf(1));
        Assert.NotEqual(InitialOf(1), InitialOf(2));

        static uint InitialOf(ulong seed)
        {
            var initial = 0u;
            PacketScript.Run(async script =>
            {
                script.Connect();
                await script.Expect(Syn());
                initial = script.Connection.StackInitial;
            }, new() { Seed = seed });
            return initial;
        }
    }

    private static string Fails(Func<PacketScript, Task> script) =>
        Assert.Throws<ScriptException>(() => PacketScript.Run(script)).Message;
}
