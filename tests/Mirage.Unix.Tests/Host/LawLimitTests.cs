using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>On a real host too no device keeps a law from ending.</summary>
public sealed class LawLimitTests
{
    [Fact]
    public void DeviceThatNeverAnswers_OnARealHost_IsCaughtByItsLaw()
    {
        var failure = Assert.Throws<LawException>(new Laws().D2_DisconnectIsIdempotent);
        Assert.Equal(("D2", "an end within 0.3 s of real time"), (failure.Law.Id, failure.Expected));
        Assert.Equal(["Disconnect"], failure.Operations);
    }

    private readonly struct NeverEnds : IDevice<NeverEnds>
    {
        public static Impl<NeverEnds> Impl => Mirage.Impl.Pure(default(NeverEnds));

        public static ValueTask Disconnect(NeverEnds device) => new(new TaskCompletionSource().Task);
    }

    private sealed class Laws : DeviceLaws<NeverEnds>
    {
        protected override LawOptions Options =>
            LawOptions.Default with { CaseLimit = TimeSpan.FromMilliseconds(300) };

        protected override Host CreateHost(ulong seed) => new UnixHost();
    }
}
