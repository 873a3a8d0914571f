using FsCheck.Xunit;
using static Mirage.Impl;

namespace Mirage.Tests;

public sealed class ChoiceTests
{
    [Theory]
    [InlineData("true", "+A", "-A")]
    [InlineData("false", "+B", "-B")]
    public void If_ConnectsTheBranchTakenOnly(string fast, params string[] lines)
    {
        Assert.Equal([lines[0], fast, lines[1]], Booted.Run<Shows<Branches>>($"--fast={fast}").Lines);
    }

    [Theory]
    [InlineData("host", "+A")]
    [InlineData("direct", "+B")]
    [InlineData("none", "+C")]
    public void Match_ConnectsTheCaseOrTheDefault(string net, string first)
    {
        Assert.Equal(first, Booted.Run<Shows<Cases>>($"--net={net}").Lines[0]);
    }

    [Fact]
    public void KeyOfABranchNotTaken_IsKnownToTheParser()
    {
        Assert.Equal(ExitCode.Done, Booted.Run<Shows<Branches>>("--fast=true", "--slow-count=3").Code);
    }

    [Fact]
    public void RequiredKeyOfABranchNotTaken_MayBeMissing()
    {
        Assert.Equal(["+A", "a", "-A"], Booted.Run<Shows<Demanding>>().Lines);
        var booted = Booted.Run<Shows<Demanding>>("--strict");
        Assert.Equal((ExitCode.BadArgument, ""), (booted.Code, booted.Output));
        Assert.Equal(
            [
                "--address is required: give --address=ADDRESS or set MIRAGE_ADDRESS "
                + "(expected an IP address, as 10.0.0.1 or fd00::1).",
            ],
            booted.Errors);
    }

    [Fact]
    public void RequiredKeyThatDecides_IsAskedForBeforeAnythingIsConnected()
    {
        var booted = Booted.Run<Shows<DecidedByRequired>>();
        Assert.Equal((ExitCode.BadArgument, ""), (booted.Code, booted.Output));
        Assert.StartsWith("--which is required: ", Assert.Single(booted.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Choice_InsideAChoice_IsDecidedByBothKeys()
    {
        Assert.Equal("+A", Booted.Run<Shows<Nested>>("--outer", "--inner").Lines[0]);
        Assert.Equal("+B", Booted.Run<Shows<Nested>>("--outer").Lines[0]);
        Assert.Equal("+C", Booted.Run<Shows<Nested>>("--inner").Lines[0]);
    }

    [Property]
    public void Describe_OfAChoice_NamesTheDeviceThatTheBootConnects(bool outer, bool inner)
    {
        string[] args = [$"--outer={(outer ? "true" : "false")}", $"--inner={(inner ? "true" : "false")}"];
        var connected = Booted.Run<Shows<Nested>>(args).Lines
            .Where(static line => line[0] == '+')
            .Select(static line => line[1..]);
        var described = Booted.Run<Shows<Nested>>([.. args, "--describe"]).Lines
            .Select(static line => line.Trim())
            .Where(static line => line.StartsWith("Named(", StringComparison.Ordinal))
            .Select(static line => line[6..^1].ToUpperInvariant());
        Assert.Equal(connected, described);
    }

    private static Impl<string> Named<TTag>(string name) where TTag : struct, ITag => Of<Named<TTag>>().Map(_ => name);

    private readonly struct Branches : IShown
    {
        private static readonly Key<bool> s_fast = Key.Optional("fast", true, "Which.");
        private static readonly Key<int> s_count = Key.Optional("slow-count", 1, "How slow.");

        public static Impl<string> Value =>
            If(s_fast, Named<A>("true"), (Named<B>("false"), s_count).Apply(static (name, _) => name));
    }

    private readonly struct Cases : IShown
    {
        private static readonly Key<string> s_net = Key.Optional("net", "direct", "Which.");

        public static Impl<string> Value =>
            Match(s_net, Named<C>("c"), ("host", Named<A>("a")), ("direct", Named<B>("b")));
    }

    private readonly struct Demanding : IShown
    {
        private static readonly Key<bool> s_strict = Key.Flag("strict", "Which.");
        private static readonly Key<IpAddress> s_address = Key.Required<IpAddress>("address", "Where.");

        public static Impl<string> Value =>
            If(s_strict, s_address.Map(static address => address.ToString()), Named<A>("a"));
    }

    private readonly struct DecidedByRequired : IShown
    {
        private static readonly Key<bool> s_which = Key.Required<bool>("which", "Which.");

        public static Impl<string> Value => If(s_which, Named<A>("a"), Named<B>("b"));
    }

    private readonly struct Nested : IShown
    {
        private static readonly Key<bool> s_outer = Key.Flag("outer", "Which.");
        private static readonly Key<bool> s_inner = Key.Flag("inner", "Which.");

        public static Impl<string> Value => If(s_outer, If(s_inner, Named<A>("a"), Named<B>("b")), Named<C>("c"));
    }
}
