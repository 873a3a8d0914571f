using FsCheck.Fluent;

namespace Mirage.Testing.Tests;

/// <summary>What a reader of a failed test gets.</summary>
public class LawMessageTests
{
    [Fact]
    public void BrokenLaw_Message_HasAllThatIsNeededToSeeItAgain()
    {
        var failure = Assert.Throws<LawException>(new Laws().X1_TheSumIsSmall);
        Assert.Equal(failure.Message, Assert.Throws<LawException>(new Laws().X1_TheSumIsSmall).Message);
        var first = int.Parse(failure.Operations[0].Split(' ')[1], null);
        Assert.Equal($"""
            X1: the sum is small
            Device: PlantedClock<Zero>

            1. Add {first}
            2. Add {10 - first}

            At operation 2, expected: less than 10
            seen: 10

            {failure.Message.Split('\n')[9]}
            Replay: MIRAGE_REPLAY={failure.Seed} dotnet test --filter "FullyQualifiedName~Laws.X1_TheSumIsSmall"
            """, failure.Message);
        Assert.Matches(@"^Held in \d+ cases before; shrunk \d+ times\.$", failure.Message.Split('\n')[9]);
    }

    [Fact]
    public void LongList_Message_HasItsBeginningAndItsEnd()
    {
        var message = Assert.Throws<LawException>(new Laws().X2_NeverHolds).Message;
        Assert.Contains("\n10. Step 10\n   … 450 more\n461. Step 461\n", message, StringComparison.Ordinal);
        Assert.Contains("\n500. Step 500\n\nAt operation 500, expected: more\n", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_IsInTheListOnlyWhenItFails()
    {
        var failure = Assert.Throws<LawException>(new Laws().X3_LooksAreShort);
        Assert.Equal(["Change", "Second look"], failure.Operations);
    }

    [Fact]
    public void Bytes_AreShownByLengthAndBeginning()
    {
        Assert.Equal("0 bytes", LawText.Of([]));
        Assert.Equal("1 byte, 61", LawText.Of("a"u8));
        Assert.Equal("17 bytes, " + string.Concat(Enumerable.Repeat("00 ", 16)) + "…", LawText.Of(new byte[17]));
        var other = new byte[20];
        other[18] = 7;
        Assert.Equal(
            "20 bytes, from byte 18 on other ones: 2 bytes, 07 00", LawText.Difference(new byte[20], other));
    }

    private sealed class Laws : MClockLaws<PlantedClock<Zero>>
    {
        public void X1_TheSumIsSmall() => CheckOperations(
            Gen.Choose(1, 20).Select(static number => (LawOperation<PlantedClock<Zero>, List<int>>)new Add(number)),
            static () => []);

        public void X2_NeverHolds() => Check(static (run, _) =>
        {
            for (var step = 1; step <= 500; step++)
                run.Step($"Step {step}");
            run.Fail("more", "no more");
            return ValueTask.CompletedTask;
        });

        public void X3_LooksAreShort() => Check(static (run, _) =>
        {
            run.Step("Change");
            run.Look("First look");
            run.Look("Second look");
            run.Fail("nothing", "something");
            return ValueTask.CompletedTask;
        });
    }

    private sealed class Zero : IReading
    {
        public static long Read(Host host, int reading) => 0;
    }

    private sealed record Add(int Number) : LawOperation<PlantedClock<Zero>, List<int>>
    {
        public override string Text => $"Add {Number}";

        public override bool Applies(List<int> model) => !model.Contains(Number);

        public override ValueTask Run(LawRun run, PlantedClock<Zero> device, List<int> model)
        {
            model.Add(Number);
            run.Expect(model.Sum() < 10, "less than 10", $"{model.Sum()}");
            return ValueTask.CompletedTask;
        }

        public override IEnumerable<LawOperation<PlantedClock<Zero>, List<int>>> Shrink() =>
            Number > 1 ? [new Add(Number - 1)] : [];
    }
}
