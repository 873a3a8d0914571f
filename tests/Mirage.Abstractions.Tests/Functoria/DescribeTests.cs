using static Mirage.Impl;

namespace Mirage.Tests;

public sealed class DescribeTests
{
    [Fact]
    public void Text_ShowsSharedDevicesOnceAndKeysWithValues()
    {
        var booted = Booted.Run<Program>("--describe", "--fast", "--port=80");
        Assert.Equal(
            """
            Program
              Web
                choice: true (not false)
                  --fast=true (argument)
                  Named(a)
                --port=80 (argument)
              Over
                Named(a)

            """.ReplaceLineEndings("\n"),
            booted.Output);
        Assert.Equal(ExitCode.Done, booted.Code);
    }

    [Fact]
    public void Text_OfAFunctorMentionedTwice_RefersToTheFirst()
    {
        var output = Booted.Run<Runs<Over<B, Over<C, Part<A>>>, Over<C, Part<A>>>>("--describe").Output;
        Assert.Equal("Runs\n  Over\n    Over\n      Part\n  Over (shared, see above)\n", output);
    }

    [Fact]
    public void Text_ConnectsNothing()
    {
        Assert.DoesNotContain("+A", Booted.Run<Runs<Part<A>, Part<B>>>("--describe").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_ShowsTheOtherBranchWithOtherArguments()
    {
        Assert.Contains("    choice: false (not true)\n      --fast=false (default)\n      Named(b)\n",
            Booted.Run<Program>("--describe").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_OfARequiredKeyThatIsMissing_SaysSo()
    {
        var booted = Booted.Run<Shows<Undecided>>("--describe");
        Assert.Equal(
            "Shows\n  choice, not decided\n    --which (required, not given)\n  --name=n (default)\n", booted.Output);
        Assert.Equal((ExitCode.Done, ""), (booted.Code, booted.Error));
    }

    [Fact]
    public void Text_NamesWhereAValueIsFrom()
    {
        var booted = Booted.Run<Program>(
            static host => host.SetEnvironmentVariable("MIRAGE_FAST", "true"),
            new() { ["port"] = "81" },
            ["--describe"]);
        Assert.Contains("--fast=true (MIRAGE_FAST)\n", booted.Output, StringComparison.Ordinal);
        Assert.Contains("--port=81 (build)\n", booted.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Dot_DrawsDevicesKeysAndBothBranches()
    {
        var booted = Booted.Run<Program>("--describe=dot", "--fast");
        Assert.Equal(
            """
            digraph unikernel {
              n0 [shape=box, label="Program"];
              n1 [shape=box, label="Web"];
              n2 [shape=circle, label="?"];
              n3 [shape=ellipse, label="--fast=true (argument)"];
              n2 -> n3 [style=solid];
              n4 [shape=box, label="Named(a)"];
              n2 -> n4 [style=bold, label="true"];
              n5 [shape=box, label="Named(b)", style=dashed, color=gray, fontcolor=gray];
              n2 -> n5 [style=dotted, label="false"];
              n1 -> n2 [style=solid];
              n6 [shape=ellipse, label="--port=8080 (default)"];
              n1 -> n6 [style=solid];
              n0 -> n1 [style=solid];
              n7 [shape=box, label="Over"];
              n7 -> n4 [style=solid];
              n0 -> n7 [style=solid];
            }

            """.ReplaceLineEndings("\n"),
            booted.Output);
    }

    [Fact]
    public void Dot_EscapesQuotesAndBackslashes()
    {
        Assert.Contains("label=\"--name=a\\\"b\\\\c (argument)\"",
            Booted.Run<Shows<Undecided>>("--describe=dot", "--which=true", "--name=a\"b\\c").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Mermaid_DrawsDevicesKeysAndBothBranches()
    {
        var booted = Booted.Run<Program>("--describe=mermaid", "--fast");
        Assert.Equal(
            """
            flowchart TD
              classDef faint stroke-dasharray:4,color:gray
              n0["Program"]
              n1["Web"]
              n2(("?"))
              n3(["--fast=true (argument)"])
              n2 --> n3
              n4["Named(a)"]
              n2 ==>|"true"| n4
              n5["Named(b)"]:::faint
              n2 -.->|"false"| n5
              n1 --> n2
              n6(["--port=8080 (default)"])
              n1 --> n6
              n0 --> n1
              n7["Over"]
              n7 --> n4
              n0 --> n7

            """.ReplaceLineEndings("\n"),
            booted.Output);
    }

    [Fact]
    public void Mermaid_EscapesQuotesAndAngles()
    {
        Assert.Contains("--name=a#quot;#lt;b#gt;#35; (argument)",
            Booted.Run<Shows<Undecided>>("--describe=mermaid", "--which=true", "--name=a\"<b>#").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownFormat_IsRefusedNamingTheKnownOnes()
    {
        var booted = Booted.Run<Noop>("--describe=svg");
        Assert.Equal(
            (ExitCode.BadArgument, "--describe: expected text, dot or mermaid, not 'svg'.\n"),
            (booted.Code, booted.Error));
    }

    [Fact]
    public void Describe_WithABadArgument_IsRefused()
    {
        Assert.Equal(ExitCode.BadArgument, Booted.Run<Program>("--describe", "--port=x").Code);
    }

    private readonly struct Undecided : IShown
    {
        public static Impl<string> Value =>
            (If(Key.Required<bool>("which", "Which."), Of<Named<A>>().Map(static _ => "a"), Pure("b")),
            Key.Optional("name", "n", "Name.")).Apply(static (which, name) => which + name);
    }

    private readonly struct Web : IDevice<Web>
    {
        private static readonly Key<bool> s_fast = Key.Flag("fast", "Which.");
        private static readonly Key<ushort> s_port = Key.Optional<ushort>("port", 8080, "Where.");

        public static Impl<Web> Impl =>
            (If(s_fast, Of<Named<A>>().Map(static _ => 1), Of<Named<B>>().Map(static _ => 2)), s_port)
            .Apply(static (_, _) => default(Web));
    }

    private readonly struct Program : IUnikernel<Program>
    {
        public static Impl<Program> Impl =>
            (Of<Web>(), Of<Over<C, Named<A>>>(), Of<Web>()).Apply(static (_, _, _) => default(Program));

        public static ValueTask Start(Program unikernel, CancellationToken stop) => ValueTask.CompletedTask;
    }
}
