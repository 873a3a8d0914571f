using Mirage.Net;
using Mirage.Testing;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Interop;

/// <summary>Scripts of what arrives.</summary>
internal static class ReceiveDuels
{
    public static async Task DataInOrder(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 1000));
        await stage.Inject(Data(1001, 1, 1000));
        await stage.Inject(Data(2001, 1, 10));
        await stage.Read();
        await stage.Later();
    }

    public static async Task DataOutOfOrder(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1001, 1, 1000));
        await stage.Read();
        await stage.Inject(Data(1, 1, 1000));
        await stage.Read();
    }

    public static async Task SeveralHoles(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1001, 1, 100));
        await stage.Inject(Data(3001, 1, 100));
        await stage.Inject(Data(5001, 1, 100));
        await stage.Inject(Data(7001, 1, 100));
        await stage.Inject(Data(9001, 1, 100));
        await stage.Inject(Data(3101, 1, 100));
        await stage.Inject(Data(1, 1, 1000));
    }

    public static async Task HolesWithoutSack(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000));
        await stage.Inject(Ack(1, 1));
        await stage.Accept();
        await stage.Inject(Data(1001, 1, 1000));
        await stage.Inject(Data(2001, 1, 1000));
        await stage.Inject(Data(1, 1, 1000));
        await stage.Read();
    }

    public static async Task DataOverlapping(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 1000));
        await stage.Inject(Data(501, 1, 1000));
        await stage.Inject(Data(2001, 1, 500));
        await stage.Inject(Data(1801, 1, 1000));
        await stage.Inject(Data(1401, 1, 1000));
        await stage.Read();
    }

    public static async Task DataThatCameBefore(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 1000));
        await stage.Inject(Data(1, 1, 1000));
        await stage.Inject(Data(501, 1, 200));
        await stage.Read();
    }

    public static async Task DataThatCameBeforeBeyondAHole(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1001, 1, 1000));
        await stage.Inject(Data(1001, 1, 1000));
        await stage.Inject(Data(1501, 1, 200));
        await stage.Read();
    }

    public static async Task DataBeyondTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1_000_000, 1, 1000));
        await stage.Inject(Data(-2000, 1, 1000));
        await stage.Read();
    }

    public static async Task WindowIsFilled(Stage stage)
    {
        await stage.Establish(new() { ReceiveBuffer = 5000 });
        await stage.Fill();
        await stage.Inject(Data(stage.Edge, 1, 1).Window(30_000), "< one byte");
        await stage.Inject(Data(stage.Edge, 1, 1000).Window(30_000), "< a segment");
        await stage.Inject(Data(stage.Edge + 1, 1, 1).Window(30_000), "< the byte behind it");
        await stage.Inject(Ack(stage.Edge, 1).Window(30_000), "< nothing");
        await stage.Write(10);
        await stage.Inject(Ack(stage.Edge, 11).Window(30_000), "< acknowledgment");
        await stage.State();
    }

    public static async Task WindowIsFilledAndRead(Stage stage)
    {
        await stage.Establish(new() { ReceiveBuffer = 5000 });
        await stage.Fill();
        await stage.Drain();
        await stage.Read();
    }

    public static async Task WindowIsFilledAndReset(Stage stage)
    {
        await stage.Establish(new() { ReceiveBuffer = 5000 });
        await stage.Fill();
        await stage.Inject(Rst(stage.Edge + 1), "< reset behind the edge");
        await stage.Inject(Rst(stage.Edge - 1), "< reset before the edge");
        await stage.State();
        await stage.Inject(Rst(stage.Edge), "< reset at the edge");
        await stage.State();
    }

    public static async Task WindowIsFilledAndFin(Stage stage)
    {
        await stage.Establish(new() { ReceiveBuffer = 5000 });
        await stage.Fill();
        await stage.Inject(Fin(stage.Edge, 1).Window(30_000), "< end");
        await stage.Later();
        await stage.State();
    }

    public static async Task UrgentData(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 100).Urgent(50));
        await stage.Read();
        await stage.Inject(Data(101, 1, 100).Urgent(0));
        await stage.Inject(Data(201, 1, 100).Urgent(60_000));
        await stage.Read();
    }

    public static async Task DataWithoutAck(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Tcp(TcpFlags.None, 1, length: 100));
        await stage.Inject(Tcp(TcpFlags.Psh, 1, length: 100));
        await stage.Inject(Tcp(TcpFlags.Fin, 1));
        await stage.Read();
        await stage.State();
    }

    public static async Task DataDamaged(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 100).WrongChecksum());
        await stage.Inject(Data(1, 1, 100).WrongIpChecksum());
        await stage.Inject(Data(1, 1, 100).DataOffset(4));
        await stage.Inject(Data(1, 1, 100).DataOffset(0));
        await stage.Inject(Ack(1, 1).DataOffset(15));
        await stage.Inject(Data(1, 1, 100).TotalLength(30));
        await stage.Inject(Data(1, 1, 100).TotalLength(1000));
        await stage.Read();
        await stage.State();
    }

    public static async Task FinOutOfOrder(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Fin(101, 1, length: 50));
        await stage.Read();
        await stage.Inject(Data(1, 1, 100));
        await stage.Read();
        await stage.State();
    }

    public static async Task DataAfterFin(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Fin(1, 1, length: 100));
        await stage.Later();
        await stage.Inject(Data(102, 1, 100));
        await stage.Inject(Data(101, 1, 100));
        await stage.Inject(Fin(1, 1, length: 100));
        await stage.Read();
        await stage.State();
    }

    public static async Task KeepAliveOfThePeer(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Ack(0, 1));
        await stage.Inject(Tcp(TcpFlags.Ack, 0, 1, length: 1).Payload(0));
        await stage.Inject(Data(1, 1, 100));
        await stage.Inject(Ack(100, 1));
        await stage.Read();
    }

    public static async Task EcnIsAskedFor(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Ece().Cwr().Mss(1000).SackPermitted().Window(30_000));
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Accept();
        await stage.Write(100);
        await stage.Inject(Data(1, 101, 1000).Ecn(IpEcn.Ce).Window(30_000));
        await stage.Inject(Data(1001, 101, 1000).Ecn(IpEcn.Ect0).Window(30_000));
        await stage.Inject(Data(2001, 101, 1000).Ecn(IpEcn.Ect0).Cwr().Window(30_000));
        await stage.Inject(Data(3001, 101, 1000).Ecn(IpEcn.Ect0).Window(30_000));
    }

    public static async Task EcnIsNotAskedFor(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 1000).Ecn(IpEcn.Ce));
        await stage.Inject(Data(1001, 1, 1000).Ece().Cwr());
        await stage.Write(100);
    }

    public static async Task EcnSynOfOtherKinds(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Ece().Mss(1000));
        await stage.Inject(Rst(1));
        await stage.Inject(Syn().Cwr().Mss(1000));
        await stage.Inject(Rst(1));
    }
}
