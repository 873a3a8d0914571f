using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Mirage.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void UnknownKey_IsRefusedWithTheLikelyOne()
    {
        var booted = Booted.Run<Shows<Two>>("--ipv5=10.0.0.2/24");
        Assert.Equal(["unknown key --ipv5; did you mean --ipv4? (--help lists the keys)."], booted.Errors);
        Assert.Equal(ExitCode.BadArgument, booted.Code);
    }

    [Fact]
    public void UnknownKeyLikeNoOther_IsRefusedWithoutAGuess()
    {
        Assert.Equal(["unknown key --wobble (--help lists the keys)."], Booted.Run<Shows<Two>>("--wobble").Errors);
    }

    [Fact]
    public void KeyGivenTwice_IsRefused()
    {
        Assert.Equal(
            ["--ipv4 is given 2 times and takes one value."],
            Booted.Run<Shows<Two>>("--ipv4=10.0.0.1/8", "--ipv4=10.0.0.1/8").Errors);
    }

    [Theory]
    [InlineData("--ipv4")]
    [InlineData("--ipv4", "--name=x")]
    public void KeyWithoutItsValue_IsRefused(params string[] args)
    {
        Assert.Equal(
            ["--ipv4 needs a value: expected an address with a prefix, as 10.0.0.2/24."],
            Booted.Run<Shows<Two>>(args).Errors);
    }

    [Theory]
    [InlineData("stray")]
    [InlineData("-x")]
    [InlineData("")]
    [InlineData("-")]
    public void WordThatIsNoKey_IsRefused(string word)
    {
        Assert.Equal(
            [$"'{word}' is no key: keys are given as --name=value (--help lists them)."],
            Booted.Run<Shows<Two>>(word).Errors);
    }

    [Fact]
    public void WordAfterTwoDashes_IsNoKey()
    {
        Assert.Equal(ExitCode.Done, Booted.Run<Shows<Two>>("--").Code);
        Assert.Equal(
            ["'--name=x' is no key: keys are given as --name=value (--help lists them)."],
            Booted.Run<Shows<Two>>("--", "--name=x").Errors);
    }

    [Fact]
    public void TextThatWasGiven_IsShownOnOneLineAndCut()
    {
        var booted = Booted.Run<Shows<Two>>("--ipv4=\u001b[31m\nforged line" + new string('x', 10_000));
        Assert.True(Assert.Single(booted.Errors).Length < 400);
        Assert.DoesNotContain('\u001b', booted.Error);
    }

    [Fact]
    public void ShortForms_OfHelpAndLogs_AreKnown()
    {
        Assert.StartsWith("NAME\n", Booted.Run<Noop>("-h").Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, Booted.Run<Noop>("-l", "*:debug").Code);
    }

    [Property]
    public Property AnyArguments_AreTakenOrRefusedWithASentence() => Prop.ForAll(
        Gen.OneOf(
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(static text => text.Get),
            Gen.Elements(
                "--ipv4", "--ipv4=", "--ipv4=1.2.3.4/5", "--name", "--name=x", "--", "-l", "--logs", "-", "=", "--=",
                "--logs=quiet"))
            .ListOf().ToArbitrary(),
        static words =>
        {
            var booted = Booted.Run<Shows<Two>>([.. words]);
            Assert.Equal(booted.Error.Length == 0 ? ExitCode.Done : ExitCode.BadArgument, booted.Code);
        });

    private readonly struct Two : IShown
    {
        private static readonly Key<Cidr> s_ipv4 =
            Key.Optional("ipv4", new Cidr(IpAddress.FromV4(0x0A000002), 24), "Address.");

        public static Impl<string> Value =>
            (s_ipv4, Key.Optional("name", "n", "Name.")).Apply(static (ipv4, name) => $"{ipv4} {name}");
    }
}
