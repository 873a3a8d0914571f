using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Interop;

/// <summary>Scripts of what is sent, and sent again.</summary>
internal static class SendDuels
{
    public static async Task WriteAndAcknowledge(Stage stage)
    {
        await stage.Establish();
        await stage.Write(2500);
        await stage.Inject(Ack(1, 2001).Window(30_000));
        await stage.Inject(Ack(1, 2501).Window(30_000));
        await stage.State();
    }

    public static async Task NothingAcknowledged(Stage stage)
    {
        await stage.Establish();
        await stage.Write(100);
        await stage.Later();
        await stage.Later();
        await stage.Inject(Ack(1, 101).Window(30_000));
        await stage.State();
    }

    public static async Task ThreeDuplicateAcknowledgments(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000).Window(30_000));
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Accept();
        await stage.Write(5000);
        await stage.InjectAll(
            "< three times the same", Ack(1, 1).Window(30_000), Ack(1, 1).Window(30_000), Ack(1, 1).Window(30_000));
        await stage.Inject(Ack(1, 5001).Window(30_000));
    }

    public static async Task ThreeSelectiveAcknowledgments(Stage stage)
    {
        await stage.Establish();
        await stage.Write(5000);
        await stage.InjectAll("< three that leave out the first", Ack(1, 1).Sack((1001, 2001)).Window(30_000),
            Ack(1, 1).Sack((1001, 3001)).Window(30_000), Ack(1, 1).Sack((1001, 4001)).Window(30_000));
        await stage.Inject(Ack(1, 5001).Window(30_000));
    }

    public static async Task SelectiveAcknowledgmentsThatCannotBe(Stage stage)
    {
        await stage.Establish();
        await stage.Write(3000);
        await stage.Inject(Ack(1, 1).Sack((50_000, 60_000)).Window(30_000));
        await stage.Inject(Ack(1, 1).Sack((2001, 1001)).Window(30_000));
        await stage.Inject(Ack(1, 1).Sack((-500, -100)).Window(30_000));
        await stage.Inject(Ack(1, 3001).Window(30_000));
        await stage.State();
    }

    public static async Task ShutWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Write(1000);
        await stage.Inject(Ack(1, 1001).Window(0));
        await stage.Write(500);
        await stage.Later();
        await stage.Inject(Ack(1, 1001).Window(0));
        await stage.Later();
        await stage.Inject(Ack(1, 1001).Window(30_000));
    }

    public static async Task ShrunkWindow(Stage stage)
    {
        await stage.Establish();
        await stage.Write(3000);
        await stage.Inject(Ack(1, 1001).Window(500));
        await stage.Write(1000);
        await stage.Inject(Ack(1, 3001).Window(30_000));
    }

    public static async Task AcknowledgmentOfWhatWasNotSent(Stage stage)
    {
        await stage.Establish();
        await stage.Write(100);
        await stage.Inject(Ack(1, 102).Window(30_000));
        await stage.Inject(Data(1, 5000, 10).Window(30_000));
        await stage.Inject(Ack(1, 101).Window(30_000));
        await stage.Read();
    }

    public static async Task AcknowledgmentOfLongAgo(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, -100_000, 10).Window(30_000));
        await stage.Read();
        await stage.Inject(Data(1, 0, 10).Window(30_000));
        await stage.Read();
    }

    public static async Task PacketsTooLong(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1460).Window(30_000));
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Accept();
        await stage.Write(1460);
        await stage.Inject(
            Unreachable(IcmpUnreachable.FragmentationNeeded, Data(1, 1, 1460).DontFragment(), mtu: 1040));
        await stage.Inject(Ack(1, 1461).Window(30_000));
        await stage.Write(1460);
    }

    public static async Task PacketsTooLongForged(Stage stage)
    {
        await stage.Establish();
        await stage.Write(1000);
        await stage.Inject(
            Unreachable(IcmpUnreachable.FragmentationNeeded, Data(90_001, 1, 1000).DontFragment(), mtu: 600));
        await stage.Inject(Ack(1, 1001).Window(30_000));
        await stage.Write(1000);
    }

    public static async Task HardErrorOfIcmp(Stage stage)
    {
        await stage.Establish();
        await stage.Write(100);
        await stage.Inject(Unreachable(IcmpUnreachable.Port, Data(1, 1, 100)));
        await stage.Inject(Unreachable(IcmpUnreachable.Protocol, Data(1, 1, 100)));
        await stage.State();
        await stage.Inject(Ack(1, 101).Window(30_000));
        await stage.State();
    }

    public static async Task KeepAliveAnswered(Stage stage)
    {
        await stage.Establish(new() { KeepAlive = Seconds(1), KeepAliveInterval = Seconds(1), KeepAliveCount = 2 });
        await stage.Later();
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Later();
        await stage.State();
    }

    public static async Task KeepAliveNotAnswered(Stage stage)
    {
        await stage.Establish(new() { KeepAlive = Seconds(1), KeepAliveInterval = Seconds(1), KeepAliveCount = 2 });
        await stage.Later();
        await stage.Later();
        await stage.Later();
        await stage.Read();
    }

    public static async Task UserTimeout(Stage stage)
    {
        await stage.Establish(new() { UserTimeout = Milliseconds(500) });
        await stage.Write(100);
        await stage.Later(5);
        await stage.Read();
    }

    public static async Task PeerHasNoSegmentSize(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Window(30_000));
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Accept();
        await stage.Write(600);
    }

    public static async Task PeerHasATinySegmentSize(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1).Window(30_000));
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Accept();
        await stage.Write(40);
    }

    public static async Task PeerHasALargeSegmentSize(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(9000).Timestamps(1, 0).Window(30_000));
        await stage.Inject(Ack(1, 1).Timestamps(1, 0).Window(30_000));
        await stage.Accept();
        await stage.Write(2000);
    }

    public static async Task PeerScalesItsWindow(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000).Scale(2).Window(1000));
        await stage.Inject(Ack(1, 1).Window(500));
        await stage.Accept();
        await stage.Write(5000);
    }

    public static async Task PeerScalesItsWindowTooMuch(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Mss(1000).Scale(200).Window(1000));
        await stage.Inject(Ack(1, 1).Window(1));
        await stage.Accept();
        await stage.Write(5000);
    }

    public static async Task EcnIsEchoed(Stage stage)
    {
        await stage.Listen();
        await stage.Inject(Syn().Ece().Cwr().Mss(1000).SackPermitted().Window(30_000));
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Accept();
        await stage.Write(2000);
        await stage.Inject(Ack(1, 2001).Ece().Window(30_000));
        await stage.Write(1000);
        await stage.Inject(Ack(1, 3001).Window(30_000));
        await stage.Write(1000);
    }

    public static async Task PathOfNoLength(Stage stage)
    {
        await stage.Establish();
        await stage.Write(1000);
        await stage.Inject(
            Unreachable(IcmpUnreachable.FragmentationNeeded, Data(1, 1, 1000).DontFragment(), mtu: 68));
    }

    public static async Task WindowOfAnOldSegment(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 100).Window(1000));
        await stage.Inject(Ack(1, 1).Window(0)); // Older than the one before it.
        await stage.Write(1000);
    }
}
