using static Mirage.Impl;

namespace Mirage.Tests;

public sealed class HelpTests
{
    [Fact]
    public void Help_HasTheLayoutOfAManualPage()
    {
        var booted = Booted.Run<Server>(
            new Dictionary<string, string> { ["hello"] = "Hi", ["backend"] = "disk" }, ["--help"]);
        var name = ProgramInfo.OfProcess.Name;
        Assert.Equal(
            $"""
            NAME
                   {name} - a Mirage unikernel, Server

            SYNOPSIS
                   {name} --ipv4=CIDR [--KEY=VALUE]…

            UNIKERNEL
                   --hello=TEXT (default Hello!)
                       The greeting. This build gives it 'Hi'. Environment: MIRAGE_HELLO.

                   --verbose
                       Say more, in a sentence that is too long for one line of the page, so
                       that it goes on in the next one. Environment: MIRAGE_VERBOSE.

            NETWORK
                   --ipv4=CIDR
                       The address. Required. Environment: MIRAGE_IPV4.

                   --dns-servers=ADDRESS
                       Whom to ask. May be given more than once. Environment:
                       MIRAGE_DNS_SERVERS.

            COMMON
                   --logs=LEVELS (default *:info)
                       What to log: the level of each source, as *:info,tcp:debug. Levels
                       are quiet, app, error, warning, info, debug. Environment:
                       MIRAGE_LOGS.

                   --describe[=text, dot or mermaid]
                       Show the devices and the keys that they are made from, with the
                       values given, and end.

                   --version
                       Show the versions and end.

                   --help
                       Show this help and end.

            FIXED IN THE BUILD
                   backend=disk
                       Where files are.

            EXIT STATUS
                   0
                       The unikernel is done, or help was shown.

                   64
                       An argument was wrong, unknown or missing.

                   69
                       A device could not be connected.

                   70
                       The unikernel failed.


            """.ReplaceLineEndings("\n"),
            booted.Output);
        Assert.Equal((ExitCode.Done, ""), (booted.Code, booted.Error));
    }

    [Fact]
    public void Help_AmongBadArguments_IsShown()
    {
        Assert.Equal(
            (ExitCode.Done, ""),
            (Booted.Run<Server>("--wrong", "--help").Code, Booted.Run<Server>("--wrong", "--help").Error));
    }

    [Fact]
    public void Help_NamesTheKeysOfEveryBranch()
    {
        Assert.Contains("--from-a-branch", Booted.Run<Shows<Branch>>("--help").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_NamesProgramAndLibrary()
    {
        var booted = Booted.Run<Server>("--version");
        Assert.Equal(
            [$"{ProgramInfo.OfProcess.Name} {ProgramInfo.OfProcess.Version}", $"Mirage {ProgramInfo.OfMirage.Version}"],
            booted.Lines);
        Assert.Equal(ExitCode.Done, booted.Code);
        Assert.NotEqual("unknown", ProgramInfo.OfMirage.Version);
    }

    [Theory]
    [InlineData("The port", "The port.")]
    [InlineData("The port.", "The port.")]
    [InlineData("Which?", "Which?")]
    [InlineData("", "")]
    public void Documentation_EndsAsASentence(string given, string shown) => Assert.Equal(shown, Sentence.Full(given));

    private readonly struct Branch : IShown
    {
        public static Impl<string> Value =>
            If(Key.Flag("which", "Which."), Key.Optional("from-a-branch", "x", "Any."), Pure("y"));
    }

    private readonly struct Server : IUnikernel<Server>
    {
        private static readonly Key<Cidr> s_ipv4 = Key.Required<Cidr>("ipv4", "The address.", section: "NETWORK");
        private static readonly Key<IReadOnlyList<IpAddress>> s_dns =
            Key.Repeated<IpAddress>("dns-servers", "Whom to ask.", section: "NETWORK");

        private static readonly Key<string> s_hello = Key.Optional("hello", "Hello!", "The greeting.");
        private static readonly Key<bool> s_verbose = Key.Flag(
            "verbose",
            "Say more, in a sentence that is too long for one line of the page, so that it goes on in the next one.");

        private static readonly Key<string> s_backend = Key.Optional(
            "backend", "memory", "Where files are.", Stage.Configure);

        public static Impl<Server> Impl => (s_ipv4, s_dns, s_hello, s_verbose, s_backend)
            .Apply(static (_, _, _, _, _) => default(Server));

        public static ValueTask Start(Server unikernel, CancellationToken stop) => ValueTask.CompletedTask;
    }
}
