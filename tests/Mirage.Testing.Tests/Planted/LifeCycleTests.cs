namespace Mirage.Testing.Tests;

public class LifeCycleTests
{
    private static readonly LawOptions s_impatient =
        LawOptions.Default with { CaseLimit = TimeSpan.FromMilliseconds(300) };

    [Fact]
    public void SoundDevice_EveryLaw_Holds()
    {
        var laws = new Laws<Sound>();
        laws.D1_DisconnectLeavesNoTimer();
        laws.D1_DisconnectLeavesNothingHeld();
        laws.D1_ConnectsAgainAfterDisconnect();
        laws.D2_DisconnectIsIdempotent();
        laws.D2_DisconnectEndsInTime();
    }

    [Fact]
    public void DisconnectThatFailsTheSecondTime_IsCaughtWithItsOperations()
    {
        var failure = Caught.By("D2", new Laws<FailsTwice>().D2_DisconnectIsIdempotent);
        Assert.Equal(["Disconnect", "Disconnect"], failure.Operations);
        Assert.Equal("InvalidOperationException: It is closed.", failure.Seen);
        Assert.Contains("\n2. Disconnect\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Laws<FailsTwice>.D2_DisconnectIsIdempotent", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeviceThatLeavesItsTimer_IsCaught() =>
        Assert.Equal("1 armed", Caught.By("D1", new Laws<LeavesTimer>().D1_DisconnectLeavesNoTimer).Seen);

    [Fact]
    public void DeviceThatKeepsABuffer_IsCaughtByItsName()
    {
        var failure = Caught.By("D1", new Laws<KeepsABuffer>().D1_DisconnectLeavesNothingHeld);
        Assert.Equal(("nothing held", "planted buffers: 1"), (failure.Expected, failure.Seen));
    }

    [Fact]
    public void DeviceThatCannotConnectAgain_IsCaught() =>
        Assert.Equal(3, Caught.By("D1", new Laws<ConnectsOnce>().D1_ConnectsAgainAfterDisconnect).Operations.Count);

    [Fact]
    public void DeviceThatBlocksItsThread_IsCaughtWithinTheLimit()
    {
        var failure = Caught.By("D2", new Laws<Blocks>().D2_DisconnectIsIdempotent);
        Assert.Equal(("an end within 0.3 s of real time", 1), (failure.Expected, failure.Operations.Count));
    }

    [Fact]
    public void DeviceThatNeverAnswers_IsCaught() =>
        Assert.Equal("no answer", Caught.By("D2", new Laws<NeverEnds>().D2_DisconnectIsIdempotent).Seen);

    [Fact]
    public void DeviceThatAnswersLate_IsCaught()
    {
        Assert.Equal("no answer", Caught.By("D2", new Laws<EndsLate>().D2_DisconnectIsIdempotent).Seen);
        Assert.Equal("6000 ms", Caught.By("D2", new Laws<EndsSlowly>().D2_DisconnectEndsInTime).Seen);
    }

    [Fact]
    public void DeviceThatThrowsOnTheLoop_IsCaught() =>
        Assert.Equal(
            "IOException: The link broke.", Caught.By("D2", new Laws<ThrowsLater>().D2_DisconnectEndsInTime).Seen);

    private sealed class Laws<TLife> : DeviceLaws<LifeDevice<TLife>> where TLife : ILife
    {
        protected override LawOptions Options => s_impatient;
    }

    private sealed class Sound : ILife;

    private sealed class FailsTwice : ILife
    {
        public static ValueTask Disconnect(Host host, int times) =>
            times > 1 ? throw new InvalidOperationException("It is closed.") : ValueTask.CompletedTask;
    }

    private sealed class LeavesTimer : ILife
    {
        public static void Connected(Host host) =>
            host.Loop.CreateTimer(static _ => { }, null).Arm(host.Loop.NowNs + 1_000_000_000);
    }

    private sealed class KeepsABuffer : ILife
    {
        public static void Connected(Host host) => host.Holdings.Add("planted buffers", static () => 1).Dispose();
    }

    private sealed class ConnectsOnce : ILife
    {
        // The environment is what outlives a device in its world.
        public static void Connected(Host host)
        {
            if (host.GetEnvironmentVariable("LOCK") is not null)
                throw new IOException("It is locked.");
            ((SimHost)host).SetEnvironmentVariable("LOCK", "1");
        }
    }

    private sealed class Blocks : ILife
    {
        public static ValueTask Disconnect(Host host, int times)
        {
            using var never = new ManualResetEventSlim();
            never.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class NeverEnds : ILife
    {
        public static ValueTask Disconnect(Host host, int times) => new(new TaskCompletionSource().Task);
    }

    private sealed class EndsLate : ILife
    {
        public static async ValueTask Disconnect(Host host, int times) =>
            await Task.Delay(TimeSpan.FromMinutes(2), host.Time);
    }

    private sealed class EndsSlowly : ILife
    {
        public static async ValueTask Disconnect(Host host, int times) =>
            await Task.Delay(TimeSpan.FromSeconds(6), host.Time);
    }

    private sealed class ThrowsLater : ILife
    {
        public static async ValueTask Disconnect(Host host, int times)
        {
            host.Loop.Post(static _ => throw new IOException("The link broke."), null);
            await Task.Delay(TimeSpan.FromMilliseconds(1), host.Time);
        }
    }
}
