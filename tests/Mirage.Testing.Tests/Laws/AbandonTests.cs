using FsCheck;
using FsCheck.Fluent;
using LanguageExt;
using Mirage.Net;

namespace Mirage.Testing.Tests;

/// <summary>A law that nobody waits for any more ends, whatever its device does.</summary>
public class AbandonTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly Law s_law = new("X", "whatever", "Device", "Test");
    private static readonly LawOptions s_impatient =
        LawOptions.Default with { CaseLimit = TimeSpan.FromSeconds(1) }; // A busy machine begins late.

    public static TheoryData<string> Operations => ["Step", "Look", "Call", "Await"];

    [Theory]
    [MemberData(nameof(Operations))]
    public void CaseThatGoesOn_EndsAtItsNextOperation(string operation)
    {
        Thread? thread = null;
        var failure = Assert.Throws<LawException>(() => Check(Gen.Constant(0), async run =>
        {
            thread = Thread.CurrentThread;
            while (true)
                await Do(run, operation);
        }));
        Assert.Equal("it goes on, or blocks its thread", failure.Seen);
        Assert.True(thread!.Join(s_patience));
    }

    [Fact]
    public void CaseThatHoldsTooLate_IsTheLast()
    {
        using var late = new ManualResetEventSlim();
        var (thread, cases) = ((Thread?)null, 0);
        Assert.Throws<LawException>(() => Check(Gen.Constant(0), run =>
        {
            (thread, cases) = (Thread.CurrentThread, cases + 1);
            late.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        }));
        late.Set();
        Assert.True(thread!.Join(s_patience));
        Assert.Equal(1, cases);
    }

    [Fact]
    public void InputThatIsGeneratedTooLate_IsNotTried()
    {
        using var late = new ManualResetEventSlim();
        var (thread, cases) = ((Thread?)null, 0);
        var failure = Assert.Throws<TimeoutException>(() => Check(Gen.Constant(0).Select(value =>
        {
            thread = Thread.CurrentThread;
            late.Wait(CancellationToken.None);
            return value;
        }), run =>
        {
            cases++;
            return ValueTask.CompletedTask;
        }));
        Assert.StartsWith("X: whatever\nDevice: Device\n", failure.Message, StringComparison.Ordinal);
        var seed = LawReplay.Seeds(s_impatient, null).First();
        Assert.EndsWith(LawReplay.Line(s_law, seed), failure.Message, StringComparison.Ordinal);
        late.Set();
        Assert.True(thread!.Join(s_patience));
        Assert.Equal(0, cases);
    }

    [Fact]
    public void ShrinkerThatHangs_LeavesTheFailureThatItWasGiven()
    {
        using var late = new ManualResetEventSlim();
        Thread? thread = null;
        var failure = Assert.Throws<LawException>(() => LawRunner.Check(s_law, s_impatient,
            Arb.From(Gen.Constant(0), _ =>
            {
                thread = Thread.CurrentThread;
                late.Wait(CancellationToken.None);
                return [];
            }), static seed => new SimHost(seed), static (run, _) =>
            {
                run.Step("Try");
                run.Fail("this", "that");
                return ValueTask.CompletedTask;
            }));
        Assert.Equal(("this", "that", 1), (failure.Expected, failure.Seen, failure.Operations.Count));
        late.Set();
        Assert.True(thread!.Join(s_patience));
    }

    [Fact]
    public void LinkThatHandsUpForEver_IsStopped()
    {
        Caught.By("N1", new Links().N1_FramesArriveWholeAndOnce);
        Assert.True(Floods.Thread!.Join(s_patience));
    }

    [Fact]
    public void DeviceOfAnotherThread_FailureSaysWhatToDo()
    {
        var message = Caught.By("B17", new Blocks().B17_FlushOfNothingSucceeds).Message;
        Assert.Contains("\nseen: no answer\n(it may wait for another thread, which virtual time does not: override " +
            "CreateHost with a real host)\n", message, StringComparison.Ordinal);
    }

    private static async ValueTask Do(LawRun run, string operation)
    {
        switch (operation)
        {
            case "Step":
                run.Step("Go on");
                break;
            case "Look":
                run.Look("Go on");
                break;
            case "Call":
                run.Call(static () => 0);
                break;
            default:
                await run.Await(static () => ValueTask.CompletedTask);
                break;
        }
    }

    private static void Check(Gen<int> inputs, Func<LawRun, ValueTask> body) => LawRunner.Check(
        s_law, s_impatient, Arb.From(inputs), static seed => new SimHost(seed), (run, _) => body(run));

    private sealed class Links : NetworkLaws<PlantedLink<Floods>>
    {
        protected override LawOptions Options => s_impatient;

        protected override ValueTask<(PlantedLink<Floods> Near, LinkEnd Far)> ConnectLink(Host host)
        {
            var (left, right) = VirtualPair.Create(host);
            return new((PlantedLink<Floods>.Over(host, left), LinkEnd.Of(right)));
        }
    }

    private sealed class Floods : ILinkBug
    {
        public static Thread? Thread { get; private set; }

        public static WriteStatus Write(PlantedLinkCore core, ref TransmitFrame frame)
        {
            Thread = Thread.CurrentThread;
            while (true)
                core.Listener(new byte[60]); // None of the law's own, which it would keep.
        }
    }

    private sealed class Blocks : BlockLaws<PlantedBlock<OfAnotherThread>>;

    // The thread that would answer never comes to it: one that does may come before virtual time is at the limit.
    private sealed class OfAnotherThread : SoundBlock
    {
        public override ValueTask<Either<BlockError, Unit>> Flush() =>
            new(new TaskCompletionSource<Either<BlockError, Unit>>().Task);
    }
}
