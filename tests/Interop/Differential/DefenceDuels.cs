using Mirage.Net;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Interop;

/// <summary>Scripts of segments that somebody else may have sent.</summary>
internal static class DefenceDuels
{
    public static async Task ResetThatIsExact(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Rst(1));
        await stage.Read();
        await stage.State();
        await stage.Inject(Ack(1, 1));
    }

    public static async Task ResetInTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Rst(2));
        await stage.State();
        await stage.Read();
    }

    public static async Task ResetOutsideOfTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Rst(0));
        await stage.Inject(Rst(-1000));
        await stage.Inject(Rst(2_000_000));
        await stage.State();
    }

    public static async Task ResetWithAnAcknowledgmentOfNothing(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(RstAck(1, 77_777));
        await stage.State();
    }

    public static async Task ResetWithData(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Tcp(TcpFlags.Rst, 1, length: 20));
        await stage.Read();
        await stage.State();
    }

    public static async Task ResetWhoseTextReachesTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Tcp(TcpFlags.Rst, -1, length: 20));
        await stage.State();
    }

    public static async Task ResetBehindAHole(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1001, 1, 1000));
        await stage.Inject(Rst(2001)); // RFC 5961 section 3.2 asks for the next number expected.
        await stage.State();
    }

    public static async Task SynExact(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Syn(1));
        await stage.State();
    }

    public static async Task SynInTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Syn(500));
        await stage.State();
    }

    public static async Task SynOutsideOfTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Syn(-5000));
        await stage.State();
    }

    public static async Task SynAckInTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(SynAck(500, 1));
        await stage.State();
    }

    public static async Task SynAndResetInTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Tcp(TcpFlags.Syn | TcpFlags.Rst, 500));
        await stage.State();
    }

    public static async Task SynAndFinInTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Tcp(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Ack, 1, 1, length: 10));
        await stage.State();
    }

    public static async Task AllFlags(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Tcp((TcpFlags)255, 1, 1, length: 10).Urgent(3));
        await stage.State();
    }

    public static async Task FinOutsideOfTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Fin(2_000_000, 1));
        await stage.Inject(Fin(-5000, 1));
        await stage.State();
    }

    public static async Task AcknowledgmentOutsideOfTheWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Ack(2_000_000, 1));
        await stage.Inject(Ack(-5000, 1));
        await stage.State();
    }

    public static async Task OldTimestamp(Stage stage)
    {
        await EstablishWithClock(stage);
        await stage.Inject(Data(1, 1, 100).Timestamps(50, 0));
        await stage.Inject(Ack(1, 1).Timestamps(50, 0));
        await stage.Read();
        await stage.Inject(Data(1, 1, 100).Timestamps(1001, 0));
        await stage.Read();
    }

    public static async Task NoTimestamp(Stage stage)
    {
        await EstablishWithClock(stage);
        await stage.Inject(Data(1, 1, 100));
        await stage.Read();
    }

    public static async Task OldTimestampOfAReset(Stage stage)
    {
        await EstablishWithClock(stage);
        await stage.Inject(Rst(1).Timestamps(50, 0));
        await stage.Read();
    }

    public static async Task NoTimestampOfAReset(Stage stage)
    {
        await EstablishWithClock(stage);
        await stage.Inject(Rst(1));
        await stage.Read();
    }

    public static async Task TimestampToEcho(Stage stage)
    {
        await EstablishWithClock(stage);
        await stage.Inject(Data(101, 1, 100).Timestamps(1005, 0));
        await stage.Inject(Data(1, 1, 100).Timestamps(1010, 0));
        await stage.Inject(Data(201, 1, 100).Timestamps(1020, 0));
        await stage.Inject(Data(301, 1, 1000).Timestamps(1030, 0));
        await stage.Write(10);
    }

    public static async Task FromItself(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().From(IpAddress.Parse("10.0.0.1")));
        await stage.Inject(Syn().From(IpAddress.Parse("127.0.0.1")));
        await stage.Inject(Syn().From(IpAddress.Parse("224.0.0.1")));
        await stage.Inject(Syn().From(IpAddress.Parse("255.255.255.255")));
        await stage.Inject(Syn().To(IpAddress.Parse("10.0.0.255")));
        await stage.Inject(Syn().To(IpAddress.Parse("127.0.0.1")));
        await stage.Accept();
    }

    private static async Task EstablishWithClock(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000).SackPermitted().Timestamps(1000, 0).Window(30_000));
        await stage.Inject(Ack(1, 1).Timestamps(1000, 0).Window(30_000));
        await stage.Accept();
    }
}
