using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Tests;

public sealed class GraphTests
{
    [Fact]
    public void DevicesThatNeedEachOther_EndTheBootNamingTheCycle()
    {
        var booted = Booted.Run<Runs<Part<A>, Egg>>();
        Assert.Equal((ExitCode.Failed, ""), (booted.Code, booted.Output));
        Assert.Equal(["Runs: The devices need each other: Egg → Hen → Egg."], booted.Errors);
    }

    [Fact]
    public void DeviceThatNeedsItself_EndsTheBootNamingIt()
    {
        Assert.Equal(["Runs: The devices need each other: Self → Self."], Booted.Run<Runs<Part<A>, Self>>().Errors);
    }

    [Theory]
    [InlineData(nameof(Default), "with the default '1' and with '2'")]
    [InlineData(nameof(Kind), "as an optional key and as a required key")]
    [InlineData(nameof(Type), "as a whole number from -2147483648 to 2147483647 and as text")]
    [InlineData(nameof(Doc), "with the text 'Doc.' and with 'Other.'")]
    [InlineData(nameof(AtStage), "for stage Both and for stage Run")]
    [InlineData(nameof(InSection), "in section UNIKERNEL and in section OTHER")]
    public void TwoKeysOfOneName_EndTheBootNamingTheDifference(string difference, string sentence)
    {
        var booted = difference switch
        {
            nameof(Default) => Booted.Run<Runs<Has<First>, Has<Default>>>(),
            nameof(Kind) => Booted.Run<Runs<Has<First>, Has<Kind>>>(),
            nameof(Type) => Booted.Run<Runs<Has<First>, Has<Type>>>(),
            nameof(Doc) => Booted.Run<Runs<Has<First>, Has<Doc>>>(),
            nameof(AtStage) => Booted.Run<Runs<Has<First>, Has<AtStage>>>(),
            _ => Booted.Run<Runs<Has<First>, Has<InSection>>>(),
        };
        Assert.Equal(ExitCode.Failed, booted.Code);
        Assert.Equal([$"Runs: The key --count is declared twice: {sentence}."], booted.Errors);
    }

    [Fact]
    public void TwoEqualKeysOfOneName_AreOneKey()
    {
        var booted = Booted.Run<Runs<Has<First>, Has<Equal>>>("--count=5", "--describe");
        Assert.Equal(2, booted.Lines.Count(static line => line.Trim() == "--count=5 (argument)"));
    }

    [Fact]
    public void KeyNamedLikeOneOfTheBoots_EndsTheBoot()
    {
        Assert.StartsWith(
            "Runs: The key --help is declared twice: ", Booted.Run<Runs<Has<Help>, Part<A>>>().Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Count")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("ä")]
    public void KeyWithABadName_EndsTheBoot(string name)
    {
        var graph = Assert.Throws<GraphException>(() => new GraphBuilder().Key(Key.Optional(name, 1, "Doc."), ""));
        Assert.Equal($"'{name}' is no name of a key: use lower case words joined by dashes.", graph.Message);
    }

    [Fact]
    public void ConditionThatNeedsADevice_EndsTheBoot()
    {
        var booted = Booted.Run<Runs<Part<A>, DecidedByADevice>>();
        Assert.Equal(["Runs: A choice in DecidedByADevice is decided by Part; only keys decide."], booted.Errors);
    }

    [Fact]
    public void ConditionThatConnects_EndsTheBoot()
    {
        var booted = Booted.Run<Runs<Part<A>, DecidedByConnecting>>();
        Assert.Equal(
            ["Runs: A choice in DecidedByConnecting is decided by connecting; only keys decide."], booted.Errors);
    }

    [Fact]
    public void ImplThatThrows_EndsTheBootNamingTheException()
    {
        var booted = Booted.Run<Runs<Part<A>, Broken>>();
        Assert.Equal((ExitCode.Failed, "Runs: FormatException: a bad constant\n"), (booted.Code, booted.Error));
    }

    [Fact]
    public void DevicesNestedWithoutEnd_EndTheBoot()
    {
        var chain = new GraphBuilder();
        var error = Assert.Throws<GraphException>(() => chain.Device(new Endless(0)));
        Assert.StartsWith("The devices are nested more than 256 deep: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DevicesNestedAsDeepAsTheLimit_AreFolded()
    {
        Assert.Equal(256, Fold(new Endless(0, Depth: 256)).Devices.Count);
        Assert.Throws<GraphException>(() => Fold(new Endless(0, Depth: 257)));
    }

    private static GraphBuilder Fold(Endless chain)
    {
        var builder = new GraphBuilder();
        builder.Device(chain);
        return builder;
    }

    // A chain of devices that differ by their type alone; which types these are does not matter.
    private sealed record Endless(int Index, int Depth = int.MaxValue) : IDeviceNode
    {
        private static readonly System.Type[] s_types = typeof(object).Assembly.GetTypes();

        public System.Type Type => s_types[Index];

        public string Group => "";

        public string Label => "Endless";

        public IReadOnlyList<INode> Needs => [];

        public INode Describe() => Index + 1 < Depth ? this with { Index = Index + 1 } : Pure(0);
    }

    private readonly struct Hen : IDevice<Hen>
    {
        public static Impl<Hen> Impl => Of<Egg>().Map(static _ => default(Hen));
    }

    private readonly struct Egg : IDevice<Egg>
    {
        public static Impl<Egg> Impl => Of<Hen>().Map(static _ => default(Egg));
    }

    private readonly struct Self : IDevice<Self>
    {
        public static Impl<Self> Impl => Of<Self>().Map(static self => self);
    }

    private readonly struct DecidedByADevice : IDevice<DecidedByADevice>
    {
        public static Impl<DecidedByADevice> Impl => If(
            Of<Part<A>>().Map(static _ => true), Pure(default(DecidedByADevice)), Pure(default(DecidedByADevice)));
    }

    private readonly struct DecidedByConnecting : IDevice<DecidedByConnecting>
    {
        public static Impl<DecidedByConnecting> Impl => If(
            Pure(new ValueTask<Either<ConnectError, bool>>(true)).Connect(),
            Pure(default(DecidedByConnecting)), Pure(default(DecidedByConnecting)));
    }

    private readonly struct Broken : IDevice<Broken>
    {
        private static readonly int s_constant = ParseConstant();

        public static Impl<Broken> Impl => Pure(s_constant).Map(static _ => default(Broken));

        private static int ParseConstant() => throw new FormatException("a bad constant");
    }

    private interface IDeclares
    {
        static abstract INode Key { get; }
    }

    private readonly struct Has<TKey> : IDevice<Has<TKey>> where TKey : struct, IDeclares
    {
        public static Impl<Has<TKey>> Impl =>
            new Application<Has<TKey>>([TKey.Key], static _ => new(default(Has<TKey>)));
    }

    private readonly struct First : IDeclares
    {
        public static INode Key => Mirage.Key.Optional("count", 1, "Doc.");
    }

    private readonly struct Equal : IDeclares
    {
        public static INode Key => Mirage.Key.Optional("count", 1, "Doc.");
    }

    private readonly struct Default : IDeclares
    {
        public static INode Key => Mirage.Key.Optional("count", 2, "Doc.");
    }

    private readonly struct Kind : IDeclares
    {
        public static INode Key => Mirage.Key.Required<int>("count", "Doc.");
    }

    private readonly struct Type : IDeclares
    {
        public static INode Key => Mirage.Key.Optional("count", "1", "Doc.");
    }

    private readonly struct Doc : IDeclares
    {
        public static INode Key => Mirage.Key.Optional("count", 1, "Other.");
    }

    private readonly struct AtStage : IDeclares
    {
        public static INode Key => Mirage.Key.Optional("count", 1, "Doc.", Stage.Run);
    }

    private readonly struct InSection : IDeclares
    {
        public static INode Key => Mirage.Key.Optional("count", 1, "Doc.", section: "OTHER");
    }

    private readonly struct Help : IDeclares
    {
        public static INode Key => Mirage.Key.Flag("help", "Doc.");
    }
}
