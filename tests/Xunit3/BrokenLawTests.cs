using Mirage.Testing;
using Xunit;

namespace Mirage.Xunit3;

public class BrokenLawTests
{
    [Fact]
    public void LawThatDoesNotHold_UnderXunit3_FailsByName() =>
        Assert.Equal("MC2", Assert.Throws<LawException>(new Laws().MC2_ShowsTheTimeThatPassed).Law.Id);

    // A clock that nobody winds.
    private readonly struct Stopped : IMClock<Stopped>
    {
        public static Impl<Stopped> Impl => Mirage.Impl.Pure(default(Stopped));

        public static long ElapsedNs(Stopped clock) => 0;

        public static long? PeriodNs(Stopped clock) => null;
    }

    private sealed class Laws : MClockLaws<Stopped>;
}
