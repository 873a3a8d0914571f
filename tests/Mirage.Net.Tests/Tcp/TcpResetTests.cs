using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

public sealed class TcpResetTests
{
    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.10.7.1")]
    [Trait("Behaviour", "84")]
    [InlineData(Ack, 0, Rst, 700, 0)]
    [InlineData(SynAck, 0, Rst, 700, 0)]
    [InlineData(PshAck, 10, Rst, 700, 0)]
    [InlineData(Syn, 0, RstAck, 0, 501)]
    [InlineData(Syn, 10, RstAck, 0, 511)]
    [InlineData(Fin, 0, RstAck, 0, 501)]
    [InlineData(Syn | Fin, 10, RstAck, 0, 512)]
    [InlineData(TcpFlags.None, 10, RstAck, 0, 510)]
    [InlineData(TcpFlags.Urg, 0, RstAck, 0, 500)]
    public void Closed_AnySegment_DrawsTheResetItAccepts(
        TcpFlags flags, int length, TcpFlags expected, uint seq, uint ack)
    {
        Assert.True(TcpReset.For(new(new(1, 2, 500, 700, flags, 9), new byte[length]), out var reset));
        Assert.Equal(new(2, 1, seq, ack, expected, 0), reset);
    }

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.10.7.1")]
    [Trait("Behaviour", "84")]
    [InlineData(Rst)]
    [InlineData(RstAck)]
    [InlineData(Rst | Syn)]
    [InlineData(Rst | Fin | Ack)]
    public void Closed_Reset_DrawsNothing(TcpFlags flags) =>
        Assert.False(TcpReset.For(new(new(1, 2, 500, 700, flags, 9), default), out _));

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.10.7.2")]
    [Trait("Behaviour", "85")]
    [InlineData(Syn, TcpListenAnswer.Open)]
    [InlineData(Syn | Psh, TcpListenAnswer.Open)]
    [InlineData(Syn | TcpFlags.Ece | TcpFlags.Cwr, TcpListenAnswer.Open)]
    [InlineData(Syn | TcpFlags.Urg, TcpListenAnswer.Open)]
    [InlineData(Ack, TcpListenAnswer.Reset)]
    [InlineData(SynAck, TcpListenAnswer.Reset)]
    [InlineData(FinAck, TcpListenAnswer.Reset)]
    [InlineData(Rst, TcpListenAnswer.Drop)]
    [InlineData(RstAck, TcpListenAnswer.Drop)]
    [InlineData(Syn | Rst, TcpListenAnswer.Drop)]
    [InlineData(Syn | Fin, TcpListenAnswer.Drop)]
    [InlineData(Fin, TcpListenAnswer.Drop)]
    [InlineData(TcpFlags.None, TcpListenAnswer.Drop)]
    public void Listen_AnySegment_IsOpenedByOrResetOrDropped(object flags, object expected)
    {
        var segment = new TcpSegment(new(1, 2, 500, 700, (TcpFlags)flags, 9), default);
        Assert.Equal((TcpListenAnswer)expected, Judge(segment, "10.0.0.2", "10.0.0.1"));
    }

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.9.2.3")]
    [Trait("Behaviour", "87")]
    [InlineData("10.0.0.2", "224.0.0.1")]
    [InlineData("10.0.0.2", "255.255.255.255")]
    [InlineData("255.255.255.255", "10.0.0.1")]
    [InlineData("224.0.0.1", "10.0.0.1")]
    [InlineData("0.0.0.0", "10.0.0.1")]
    [InlineData("fd00::2", "ff02::1")]
    [InlineData("::", "fd00::1")]
    public void Listen_SynFromOrToNoSingleHost_IsDropped(string source, string destination)
    {
        var segment = new TcpSegment(new(1, 2, 500, 0, Syn, 9), default);
        Assert.Equal(TcpListenAnswer.Drop, Judge(segment, source, destination));
    }

    private static TcpListenAnswer Judge(in TcpSegment segment, string source, string destination) =>
        TcpListen.Judge(segment, IpAddress.Parse(source), IpAddress.Parse(destination));
}
