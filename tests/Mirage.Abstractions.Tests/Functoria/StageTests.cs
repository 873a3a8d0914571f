using Microsoft.Extensions.Logging;
using Mirage.Testing;

namespace Mirage.Tests;

public sealed class StageTests
{
    private static readonly string[] s_none = [];

    [Fact]
    public void BothOptional_Configured_IsTheDefaultAtBoot()
    {
        Assert.Equal(["built"], Booted.Run<Shows<Both>>(Build("key", "built"), s_none).Lines);
        Assert.Equal(["given"], Booted.Run<Shows<Both>>(Build("key", "built"), ["--key=given"]).Lines);
        Assert.Equal(["declared"], Booted.Run<Shows<Both>>().Lines);
    }

    [Fact]
    public void BothFlag_Configured_KeepsItsValueAtBoot()
    {
        Assert.Equal(["True"], Booted.Run<Shows<BothFlag>>(Build("key", "true"), s_none).Lines);
        Assert.Equal(["False"], Booted.Run<Shows<BothFlag>>(Build("key", "true"), ["--key=false"]).Lines);
    }

    [Fact]
    public void BothRequired_IsMandatoryAtBootUnlessConfigured()
    {
        Assert.Equal(["built"], Booted.Run<Shows<BothRequired>>(Build("key", "built"), s_none).Lines);
        Assert.Equal(["given"], Booted.Run<Shows<BothRequired>>("--key=given").Lines);
        Assert.Equal(ExitCode.BadArgument, Booted.Run<Shows<BothRequired>>().Code);
    }

    [Fact]
    public void Environment_OverridesTheBuild()
    {
        var booted = Booted.Run<Shows<Both>>(
            static host => host.SetEnvironmentVariable("MIRAGE_KEY", "set"), Build("key", "built"), s_none);
        Assert.Equal(["set"], booted.Lines);
    }

    [Fact]
    public void Configure_IsAConstantOfTheBuild()
    {
        Assert.Equal(["built"], Booted.Run<Shows<Configure>>(Build("key", "built"), s_none).Lines);
        Assert.Equal(["declared"], Booted.Run<Shows<Configure>>().Lines);
    }

    [Fact]
    public void Configure_GivenAtBoot_IsRefused()
    {
        var booted = Booted.Run<Shows<Configure>>("--key=given");
        Assert.Equal(
            ["--key is fixed in the build by a MirageKey item of the project and cannot be given at boot."],
            booted.Errors);
        Assert.Equal(ExitCode.BadArgument, booted.Code);
    }

    [Fact]
    public void Configure_InTheEnvironment_IsNotRead()
    {
        Assert.Equal(
            ["declared"],
            Booted.Run<Shows<Configure>>(static host => host.SetEnvironmentVariable("MIRAGE_KEY", "set"), s_none)
                .Lines);
    }

    [Fact]
    public void ConfigureRequired_IsMandatoryInTheBuild()
    {
        Assert.Equal(["built"], Booted.Run<Shows<ConfigureRequired>>(Build("key", "built"), s_none).Lines);
        var booted = Booted.Run<Shows<ConfigureRequired>>();
        Assert.Equal(
            [
                """key must be fixed in the build: add <MirageKey Include="key" Value="…" /> to the project """
                + """(expected text).""",
            ],
            booted.Errors);
        Assert.Equal(ExitCode.BadArgument, booted.Code);
    }

    [Fact]
    public void Run_IsGivenAtBootOnly()
    {
        Assert.Equal(["given"], Booted.Run<Shows<Run>>("--key=given").Lines);
        var booted = Booted.Run<Shows<Run>>(Build("key", "built"), s_none);
        Assert.Equal(
            ["<MirageKey Include=\"key\" Value=\"…\" /> in the project: --key is given at boot only; remove the item."],
            booted.Errors);
        Assert.Equal(ExitCode.BadArgument, booted.Code);
    }

    [Fact]
    public void RunRequired_IsMandatoryAtBoot()
    {
        Assert.Equal(["given"], Booted.Run<Shows<RunRequired>>("--key=given").Lines);
        Assert.Equal(ExitCode.BadArgument, Booted.Run<Shows<RunRequired>>().Code);
    }

    [Fact]
    public void BuildValueThatDoesNotParse_IsRefusedNamingKeyAndItem()
    {
        var booted = Booted.Run<Shows<BothFlag>>(Build("key", "maybe"), ["--key"]);
        Assert.Equal(
            [
                """--key (<MirageKey Include="key" Value="maybe" /> in the project): expected true or false, """
                + """not 'maybe'.""",
            ],
            booted.Errors);
        Assert.Equal(ExitCode.BadArgument, booted.Code);
    }

    [Fact]
    public void BuildValueForNoKey_IsRefusedWithTheLikelyOne()
    {
        var booted = Booted.Run<Shows<Both>>(Build("kay", "built"), s_none);
        Assert.Equal(
            [
                """<MirageKey Include="kay" Value="…" /> in the project is for no key of this unikernel (did """
                + """you mean key?).""",
            ],
            booted.Errors);
    }

    [Fact]
    public void BuildValues_OfThisProject_ArriveAsItWroteThem()
    {
        Assert.Equal("*:info,1 = \"two\" & <3>:debug", BuildValues.OfProcess.Find("logs"));
        Assert.Equal(["logs"], BuildValues.OfProcess.Names);
        using var host = new SimHost();
        Assert.Equal(ExitCode.Done, Boot.Run<Noop>(host, []));
        Assert.True(host.Logs.CreateLogger("1 = \"two\" & <3>").IsEnabled(LogLevel.Debug));
    }

    private static Dictionary<string, string> Build(string name, string value) => new() { [name] = value };

    private readonly struct Both : IShown
    {
        public static Impl<string> Value => Key.Optional("key", "declared", "Any.");
    }

    private readonly struct BothFlag : IShown
    {
        public static Impl<string> Value => Key.Flag("key", "Any.").Map(static given => given.ToString());
    }

    private readonly struct BothRequired : IShown
    {
        public static Impl<string> Value => Key.Required<string>("key", "Any.");
    }

    private readonly struct Configure : IShown
    {
        public static Impl<string> Value => Key.Optional("key", "declared", "Any.", Stage.Configure);
    }

    private readonly struct ConfigureRequired : IShown
    {
        public static Impl<string> Value => Key.Required<string>("key", "Any.", Stage.Configure);
    }

    private readonly struct Run : IShown
    {
        public static Impl<string> Value => Key.Optional("key", "declared", "Any.", Stage.Run);
    }

    private readonly struct RunRequired : IShown
    {
        public static Impl<string> Value => Key.Required<string>("key", "Any.", Stage.Run);
    }
}
