using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Interop;

/// <summary>Scripts of how connections end.</summary>
internal static class CloseDuels
{
    public static async Task ActiveClose(Stage stage)
    {
        await stage.Establish();
        await stage.Close();
        await stage.State();
        await stage.Inject(Ack(1, 2).Window(30_000));
        await stage.State();
        await stage.Inject(Data(1, 2, 100).Window(30_000));
        await stage.Read();
        await stage.Inject(Fin(101, 2).Window(30_000));
        await stage.Read();
        await stage.State();
        await stage.Inject(Fin(101, 2).Window(30_000));
    }

    public static async Task ActiveCloseAnsweredAtOnce(Stage stage)
    {
        await stage.Establish();
        await stage.Close();
        await stage.Inject(Fin(1, 2, length: 10).Window(30_000));
        await stage.Read();
        await stage.State();
    }

    public static async Task PassiveClose(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Fin(1, 1).Window(30_000));
        await stage.Later();
        await stage.State();
        await stage.Read();
        await stage.Write(100);
        await stage.Inject(Ack(2, 101).Window(30_000));
        await stage.Close();
        await stage.State();
        await stage.Inject(Ack(2, 102).Window(30_000));
        await stage.Inject(Ack(2, 102).Window(30_000));
    }

    public static async Task SimultaneousClose(Stage stage)
    {
        await stage.Establish();
        await stage.Close();
        await stage.Inject(Fin(1, 1).Window(30_000));
        await stage.State();
        await stage.Inject(Ack(2, 2).Window(30_000));
        await stage.State();
        await stage.Inject(Fin(1, 2).Window(30_000));
    }

    public static async Task CloseWithDataNotSent(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Ack(1, 1).Window(0));
        await stage.Write(100);
        await stage.Close();
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Inject(Ack(1, 102).Window(30_000));
        await stage.State();
    }

    public static async Task FinNotAcknowledged(Stage stage)
    {
        await stage.Establish();
        await stage.Close();
        await stage.Later();
        await stage.Later();
        await stage.State();
    }

    public static async Task FinNotAcknowledgedInLastAck(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Fin(1, 1).Window(30_000));
        await stage.Later();
        await stage.Close();
        await stage.Later();
        await stage.State();
        await stage.Inject(Fin(1, 1).Window(30_000));
        await stage.Inject(Ack(2, 2).Window(30_000));
        await stage.State();
    }

    public static async Task DisposeWithBytesUnread(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 1000).Window(30_000));
        await stage.Dispose();
        await stage.Inject(Ack(1001, 1).Window(30_000));
    }

    public static async Task DataAfterDispose(Stage stage)
    {
        await stage.Establish();
        await stage.Dispose();
        await stage.Inject(Ack(1, 2).Window(30_000));
        await stage.Inject(Data(1, 2, 100).Window(30_000));
        await stage.Inject(Data(101, 2, 100).Window(30_000));
    }

    public static async Task DataWithTheAcknowledgmentOfFin(Stage stage)
    {
        await stage.Establish();
        await stage.Close();
        await stage.Inject(Data(1, 2, 100).Window(30_000));
        await stage.Read();
        await stage.State();
    }

    public static async Task AbortedByItsApplication(Stage stage)
    {
        await stage.Establish();
        await stage.Write(100);
        await stage.Abort();
        await stage.Inject(Ack(1, 101).Window(30_000));
    }

    public static async Task ResetInCloseWait(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Fin(1, 1).Window(30_000));
        await stage.Later();
        await stage.Inject(Rst(2));
        await stage.Write(10);
        await stage.State();
    }

    public static async Task ResetInFinWait(Stage stage)
    {
        await stage.Establish();
        await stage.Close();
        await stage.Inject(Ack(1, 2).Window(30_000));
        await stage.Inject(Rst(1));
        await stage.Read();
        await stage.State();
        await stage.Inject(Data(1, 2, 10).Window(30_000));
    }

    public static async Task ResetWithBytesUnread(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 1000).Window(30_000));
        await stage.Inject(Rst(1001));
        await stage.Read();
    }

    public static async Task TimeWaitAndStraySegments(Stage stage)
    {
        await stage.Establish();
        await stage.Close();
        await stage.Inject(Fin(1, 2).Window(30_000));
        await stage.Inject(Rst(2));
        await stage.Inject(Rst(1000));
        await stage.Inject(Data(2, 2, 10).Window(30_000));
        await stage.Inject(Data(1, 2, 10).Window(30_000));
        await stage.Inject(Ack(2, 2).Window(30_000));
        await stage.Inject(Fin(1, 2).Window(30_000));
    }

    public static async Task TimeWaitAndANewSyn(Stage stage)
    {
        await stage.Establish();
        await stage.Close();
        await stage.Inject(Fin(1, 2).Window(30_000));
        await stage.Inject(Syn(-100).Mss(1000));
        await stage.Inject(Syn(100_000).Mss(1000));
    }

    public static async Task HalfOpenPeerComesBack(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Syn(200_000).Mss(1000));
        await stage.Inject(Rst(1)); // RFC 9293 section 3.5.1: what the peer answers the challenge with.
        await stage.Inject(Syn(200_000).Mss(1000));
    }
}
