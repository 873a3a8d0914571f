using Mirage.Net;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Interop;

/// <summary>Scripts of how connections begin.</summary>
internal static class OpenDuels
{
    public static async Task SynWithAllOptions(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000).Scale(7).SackPermitted().Timestamps(100, 0).Window(30_000));
        await stage.Inject(Ack(1, 1).Timestamps(101, 0).Window(300));
        await stage.Accept();
        await stage.State();
    }

    public static async Task SynWithoutOptions(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Window(30_000));
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Accept();
        await stage.Write(1000);
    }

    public static async Task SynWithTimestampsOnly(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Timestamps(100, 0).Window(30_000));
    }

    public static async Task SynWithScaleOnly(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Scale(3).Window(30_000));
    }

    public static async Task SynRepeated(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000));
        await stage.Inject(Syn().Mss(1000));
        await stage.Accept();
        await stage.Inject(Ack(1, 1));
        await stage.Accept();
    }

    public static async Task SynOfAnotherNumberBeforeTheHandshakeIsOver(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000));
        await stage.Inject(Syn(500).Mss(1000));
        await stage.Inject(Ack(1, 1));
        await stage.Accept();
    }

    public static async Task SynAckNotAcknowledged(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000));
        await stage.Later();
        await stage.Later();
        await stage.Inject(Ack(1, 1));
        await stage.Accept();
    }

    public static async Task HandshakeWithAWrongAcknowledgment(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000));
        await stage.Inject(Ack(1, 2));
        await stage.Inject(Ack(1, 0));
        await stage.Inject(Ack(1, 1));
        await stage.Accept();
    }

    public static async Task HandshakeReset(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000));
        await stage.Inject(Rst(1));
        await stage.Inject(Ack(1, 1));
        await stage.Accept();
    }

    public static async Task HandshakeResetInTheWindow(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000));
        await stage.Inject(Rst(2));
        await stage.Inject(Rst(-1));
        await stage.Inject(Ack(1, 1));
        await stage.Accept();
    }

    public static async Task HandshakeCompletedByDataAndFin(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000).SackPermitted());
        await stage.Inject(Fin(1, 1, length: 100));
        await stage.Later();
        await stage.Accept();
        await stage.Read();
        await stage.State();
    }

    public static async Task HandshakeWithTheFirstAcknowledgmentLost(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000).SackPermitted());
        await stage.Inject(Data(1001, 1, 1000));
        await stage.Inject(Data(1, 1, 1000));
        await stage.Accept();
        await stage.Read();
    }

    public static async Task SynWithData(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Tcp(TcpFlags.Syn, 0, length: 100).Mss(1000));
        await stage.Inject(Data(1, 1, 100));
        await stage.Accept();
        await stage.Read();
    }

    public static async Task SynWithOddFlags(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Tcp(TcpFlags.Syn | TcpFlags.Rst, 0));
        await stage.Inject(Tcp(TcpFlags.None, 0));
        await stage.Inject(Tcp(TcpFlags.Rst, 0));
        await stage.Inject(Tcp(TcpFlags.Fin, 0));
        await stage.Inject(Tcp(TcpFlags.Syn | TcpFlags.Fin, 0));
        await stage.Accept();
    }

    public static async Task AcknowledgmentToAListener(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Ack(1, 77));
        await stage.Inject(Data(1, 77, 10));
        await stage.Inject(Fin(1, 77));
        await stage.Inject(SynAck(1, 77));
        await stage.Inject(RstAck(1, 77));
    }

    public static async Task NobodyListens(Stage stage)
    {
        await stage.Inject(Syn(10));
        await stage.Inject(Tcp(TcpFlags.Syn, 10, length: 20));
        await stage.Inject(Data(10, 77, 5));
        await stage.Inject(Tcp(TcpFlags.Fin, 10));
        await stage.Inject(Tcp(TcpFlags.None, 10, length: 3));
        await stage.Inject(SynAck(10, 77));
        await stage.Inject(Rst(10));
        await stage.Inject(RstAck(10, 77));
    }

    public static async Task ConnectAnswered(Stage stage)
    {
        await stage.Connect();
        await stage.Connected();
        await stage.Inject(SynAck().Mss(1000).SackPermitted().Window(30_000));
        await stage.Connected();
        await stage.Write(100);
        await stage.Inject(SynAck().Mss(1000).SackPermitted().Window(30_000)); // Our last acknowledgment was lost.
    }

    public static async Task ConnectRefused(Stage stage)
    {
        await stage.Connect();
        await stage.Inject(RstAck(0, 1));
        await stage.Connected();
    }

    public static async Task ConnectNotRefusedByOtherResets(Stage stage)
    {
        await stage.Connect();
        await stage.Inject(Rst(0));
        await stage.Inject(RstAck(0, 2));
        await stage.Inject(RstAck(0, 0));
        await stage.Connected();
    }

    public static async Task ConnectWithAWrongAcknowledgment(Stage stage)
    {
        await stage.Connect();
        await stage.Inject(SynAck(0, 2).Mss(1000));
        await stage.Inject(SynAck(0, 0).Mss(1000));
        await stage.Inject(Ack(1, 1));
        await stage.Inject(Ack(1, 500));
        await stage.Connected();
    }

    public static async Task ConnectNotAnswered(Stage stage)
    {
        await stage.Connect();
        await stage.Later();
        await stage.Later();
        await stage.Connected();
    }

    public static async Task ConnectSimultaneous(Stage stage)
    {
        await stage.Connect();
        await stage.Inject(Syn().Mss(1000).Window(30_000));
        await stage.Inject(SynAck().Mss(1000).Window(30_000));
        await stage.Connected();
        await stage.State();
    }

    public static async Task ConnectUnreachable(Stage stage)
    {
        await stage.Connect();
        await stage.Inject(Unreachable(IcmpUnreachable.Port, Syn()));
        await stage.Connected();
    }

    public static async Task ConnectAnsweredWithData(Stage stage)
    {
        await stage.Connect();
        await stage.Inject(Tcp(TcpFlags.Syn | TcpFlags.Ack, 0, 1, length: 50).Mss(1000).Window(30_000));
        await stage.Connected();
        await stage.Read();
    }
}
