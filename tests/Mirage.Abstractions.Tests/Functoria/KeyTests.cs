using LanguageExt;

namespace Mirage.Tests;

public sealed class KeyTests
{
    private static readonly string[] s_none = [];

    [Theory]
    [InlineData("fallback")]
    [InlineData("given", "--text=given")]
    [InlineData("given", "--text", "given")]
    [InlineData("", "--text=")]
    [InlineData("a=b", "--text=a=b")]
    [InlineData("-5", "--text", "-5")]
    [InlineData("with spaces, and commas", "--text=with spaces, and commas")]
    public void Optional_IsItsArgumentOrItsDefault(string expected, params string[] args)
    {
        Assert.Equal(expected, Booted.Run<Shows<Text>>(args).Output.TrimEnd('\n'));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("some 10.0.0.1", "--maybe=10.0.0.1")]
    public void Maybe_IsItsArgumentOrNone(string expected, params string[] args)
    {
        Assert.Equal([expected], Booted.Run<Shows<Maybe>>(args).Lines);
    }

    [Theory]
    [InlineData("False")]
    [InlineData("True", "--flag")]
    [InlineData("True", "--flag=true")]
    [InlineData("False", "--flag=false")]
    public void Flag_IsFalseUnlessGiven(string expected, params string[] args)
    {
        Assert.Equal([expected], Booted.Run<Shows<Flag>>(args).Lines);
    }

    [Fact]
    public void Flag_TakesNoValueFromTheNextWord()
    {
        Assert.Equal(ExitCode.BadArgument, Booted.Run<Shows<Flag>>("--flag", "true").Code);
    }

    [Theory]
    [InlineData("10s")]
    [InlineData("1s 2m", "--wait=1s", "--wait=2m")]
    [InlineData("1s 2m 500ms", "--wait", "1s,2m", "--wait=500ms")]
    [InlineData("", "--wait=")]
    public void Repeated_CollectsItsArguments(string expected, params string[] args)
    {
        Assert.Equal(expected, Booted.Run<Shows<Repeated>>(args).Output.TrimEnd('\n'));
    }

    [Fact]
    public void Required_Missing_IsRefusedBeforeAnythingIsConnected()
    {
        var booted = Booted.Run<Shows<Required>>();
        Assert.Equal((ExitCode.BadArgument, ""), (booted.Code, booted.Output));
        Assert.Equal(
            [
                "--ipv4 is required: give --ipv4=CIDR or set MIRAGE_IPV4 "
                + "(expected an address with a prefix, as 10.0.0.2/24).",
            ],
            booted.Errors);
    }

    [Fact]
    public void ValueThatDoesNotParse_IsRefusedNamingKeyTextAndForm()
    {
        var booted = Booted.Run<Shows<Required>>("--ipv4=10.0.0.2");
        Assert.Equal(["--ipv4: expected an address with a prefix, as 10.0.0.2/24, not '10.0.0.2'."], booted.Errors);
        Assert.Equal(ExitCode.BadArgument, booted.Code);
    }

    [Fact]
    public void AllThatIsWrong_IsSaidAtOnce()
    {
        Assert.Equal(3, Booted.Run<Shows<Required>>("--ipv4=x", "--ipv6=y", "stray").Errors.Count);
    }

    [Fact]
    public void Environment_StandsInForAnArgument()
    {
        Assert.Equal(["10.1.0.0/16"], Booted.Run<Shows<Required>>(
            static host => host.SetEnvironmentVariable("MIRAGE_IPV4", "10.1.0.0/16"), s_none).Lines);
        Assert.Equal(["10.2.0.0/16"], Booted.Run<Shows<Required>>(
            static host => host.SetEnvironmentVariable("MIRAGE_IPV4", "10.1.0.0/16"), ["--ipv4=10.2.0.0/16"]).Lines);
    }

    [Fact]
    public void EnvironmentThatDoesNotParse_IsRefusedNamingTheVariable()
    {
        var booted = Booted.Run<Shows<Required>>(
            static host => host.SetEnvironmentVariable("MIRAGE_IPV4", "x"), s_none);
        Assert.Equal(
            ["--ipv4 (environment variable MIRAGE_IPV4): expected an address with a prefix, as 10.0.0.2/24, not 'x'."],
            booted.Errors);
        Assert.Equal(ExitCode.BadArgument, booted.Code);
    }

    [Fact]
    public void Environment_OfTheBootsCommands_IsNotRead()
    {
        Assert.Equal(
            ExitCode.Done,
            Booted.Run<Noop>(static host => host.SetEnvironmentVariable("MIRAGE_HELP", "nonsense"), s_none).Code);
    }

    [Fact]
    public void Environment_ForAFlag_TakesTrueOrFalse()
    {
        Assert.Equal(
            ["True"],
            Booted.Run<Shows<Flag>>(static host => host.SetEnvironmentVariable("MIRAGE_FLAG", "true"), s_none).Lines);
        Assert.Equal(["False"], Booted.Run<Shows<Flag>>(
            static host => host.SetEnvironmentVariable("MIRAGE_FLAG", "true"), ["--flag=false"]).Lines);
    }

    private readonly struct Text : IShown
    {
        public static Impl<string> Value => Key.Optional("text", "fallback", "Any.");
    }

    private readonly struct Maybe : IShown
    {
        public static Impl<string> Value => Key.Maybe<IpAddress>("maybe", "Any.")
            .Map(static (Option<IpAddress> given) => given.Match(
                static address => $"some {address}", static () => "none"));
    }

    private readonly struct Flag : IShown
    {
        public static Impl<string> Value => Key.Flag("flag", "Any.").Map(static given => given.ToString());
    }

    private readonly struct Repeated : IShown
    {
        public static Impl<string> Value => Key.Repeated<TimeSpan>("wait", "Any.", [TimeSpan.FromSeconds(10)])
            .Map(static given => string.Join(' ', given.Select(KeyConverter.Duration.Print)));
    }

    private readonly struct Required : IShown
    {
        public static Impl<string> Value => Key.Required<Cidr>("ipv4", "Any.").Map(static given => given.ToString());
    }
}
