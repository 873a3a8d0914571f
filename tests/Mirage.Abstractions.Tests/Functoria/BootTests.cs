using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mirage.Testing;
using static Mirage.Impl;

namespace Mirage.Tests;

public sealed class BootTests
{
    [Fact]
    public void Boot_OfTwoDevices_ConnectsInOrderRunsAndDisconnectsInReverse()
    {
        var booted = Booted.Run<Runs<Over<B, Part<A>>, Part<C>>>();
        Assert.Equal(["+A", "+B", "+C", "run", "-C", "-B", "-A"], booted.Lines);
        Assert.Equal((ExitCode.Done, ""), (booted.Code, booted.Error));
    }

    [Fact]
    public void Boot_OfOneTypeMentionedThreeTimes_ConnectsItOnce()
    {
        var booted = Booted.Run<Runs<Over<B, Part<A>>, Over<C, Part<A>>>>();
        Assert.Equal(["+A", "+B", "+C", "run", "-C", "-B", "-A"], booted.Lines);
    }

    [Fact]
    public void Boot_OfOneFunctorOverTwoArguments_ConnectsTwoDevices()
    {
        var booted = Booted.Run<Runs<Over<C, Part<A>>, Over<C, Part<B>>>>();
        Assert.Equal(["+A", "+C", "+B", "+C", "run", "-C", "-B", "-C", "-A"], booted.Lines);
    }

    [Fact]
    public void TwoBoots_ShareNothing()
    {
        var first = Booted.Run<Runs<Part<A>, Part<B>>>();
        var second = Booted.Run<Runs<Part<A>, Part<B>>>();
        Assert.Equal(first, second);
    }

    [Fact]
    public void FailedConnect_NamesPathReasonAndRemedy_AndDisconnectsTheRest()
    {
        var booted = Booted.Run<Runs<Part<A>, Over<B, Refusing>>>();
        Assert.Equal(ExitCode.Unavailable, booted.Code);
        Assert.Equal(
            ["Runs → Over → Refusing: tap0: permission denied; run as root or leave --interface out."], booted.Errors);
        Assert.Equal(["+A", "-A"], booted.Lines);
    }

    [Fact]
    public void ThrowingConnect_NamesPathAndException_AndDisconnectsTheRest()
    {
        var booted = Booted.Run<Runs<Part<A>, Over<B, Throwing>>>();
        Assert.Equal(ExitCode.Failed, booted.Code);
        Assert.Equal(["Runs → Over → Throwing: IOException: no such link"], booted.Errors);
        Assert.Equal(["+A", "-A"], booted.Lines);
    }

    [Fact]
    public void Disconnect_ThatThrows_IsLoggedAndTheRestStillDisconnect()
    {
        var booted = Booted.Run<Runs<Part<A>, Clinging>>();
        Assert.Equal(["+A", "run", "-A"], booted.Lines);
        Assert.Equal(ExitCode.Done, booted.Code);
        Assert.Equal(
            ["2026-01-01T00:00:00.000Z error boot: Clinging failed to disconnect: InvalidOperationException: held"],
            booted.Errors);
    }

    [Fact]
    public void Disconnect_ThatHangs_IsLoggedAfterItsLimitAndTheRestStillDisconnect()
    {
        var booted = Booted.Run<Runs<Part<A>, Hanging>>();
        Assert.Equal(["+A", "run", "-A"], booted.Lines);
        Assert.EndsWith(
            "error boot: Hanging did not disconnect within 5 s; going on", Assert.Single(booted.Errors),
            StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), booted.Elapsed);
    }

    [Fact]
    public void Job_ThatThrows_Exits70WithOneSentenceAndDisconnects()
    {
        var booted = Booted.Run<Job<Fails>>();
        Assert.Equal(ExitCode.Failed, booted.Code);
        Assert.Equal(["Job: InvalidOperationException: boom"], booted.Errors);
        Assert.Equal(["+A", "-A"], booted.Lines);
    }

    [Fact]
    public void Job_ThatThrowsAtDebugLevel_ShowsTheStack()
    {
        var booted = Booted.Run<Job<Fails>>("--logs=debug");
        Assert.Contains(
            "debug boot: The unikernel failed: System.InvalidOperationException: boom\n", booted.Error,
            StringComparison.Ordinal);
        Assert.Contains("   at Mirage.Tests.Fails.Run", booted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Boot_AtDebugLevel_SaysWhatIsConnectedAndDisconnected()
    {
        var booted = Booted.Run<Runs<Snippets.Safe, Part<A>>>("--logs=boot:debug");
        var said = booted.Error.Split('\n').Select(static line => line.Split("boot: ")[^1]).ToList();
        string[] devices = ["Door", "Safe", "Part", "Runs"];
        Assert.Equal(
            [.. devices.Select(static device => $"{device} is connected"),
                .. Enumerable.Reverse(devices).Select(static device => $"{device} is disconnected"), ""],
            said);
    }

    [Fact]
    public void Job_ThatCancelsItself_HasFailed()
    {
        var booted = Booted.Run<Job<CancelsItself>>();
        Assert.Equal((ExitCode.Failed, "Job: OperationCanceledException: given up\n"), (booted.Code, booted.Error));
    }

    [Fact]
    public void Stop_Honoured_EndsAtOnceAndDisconnects()
    {
        var booted = Booted.Run<Job<Stops>>();
        Assert.Equal((ExitCode.Done, "", TimeSpan.FromSeconds(1)), (booted.Code, booted.Error, booted.Elapsed));
        Assert.Equal(["+A", "-A"], booted.Lines);
    }

    [Fact]
    public void Stop_WithCleaningUpWithinTheLimit_WaitsForIt()
    {
        var booted = Booted.Run<Job<StopsSlowly>>();
        Assert.Equal(["+A", "cleaned up", "-A"], booted.Lines);
        Assert.Equal((ExitCode.Done, ""), (booted.Code, booted.Error));
    }

    [Fact]
    public void Stop_OfAJobThatDoesNotEnd_GivesUpAtTheLimitAndDisconnects()
    {
        var booted = Booted.Run<Job<NeverEnds>>();
        Assert.Equal((ExitCode.Failed, Boot.StopLimit), (booted.Code, booted.Elapsed));
        Assert.Equal(["Job did not end within 10 s of being asked to stop."], booted.Errors);
        Assert.Equal(["+A", "-A"], booted.Lines);
    }

    [Fact]
    public void Stop_WhileConnecting_ConnectsNothingMore()
    {
        var booted = Booted.Run<Runs<StopsWhileConnecting, Part<B>>>();
        Assert.Equal((ExitCode.Done, "", ""), (booted.Code, booted.Output, booted.Error));
    }

    [Fact]
    public void Stop_BeforeTheBoot_ConnectsNothing()
    {
        var booted = Booted.Run<Runs<Part<A>, Part<B>>>(static host => host.RequestStop(), []);
        Assert.Equal((ExitCode.Done, "", ""), (booted.Code, booted.Output, booted.Error));
    }

    [Fact]
    public void Callback_ThatThrowsOnTheLoop_Exits70AndDisconnects()
    {
        var booted = Booted.Run<Job<PoisonsTheLoop>>();
        Assert.Equal((ExitCode.Failed, "Job: InvalidOperationException: in a callback\n"), (booted.Code, booted.Error));
        Assert.Equal(["+A", "-A"], booted.Lines);
    }

    [Fact]
    public void Callback_ThatThrowsAgainWhileDevicesDisconnect_Exits70()
    {
        var booted = Booted.Run<Runs<Poisoning, Hanging>>();
        Assert.Equal(ExitCode.Failed, booted.Code);
        Assert.Equal(2, booted.Errors.Count(static line => line.EndsWith(": again", StringComparison.Ordinal)));
    }

    [Fact]
    public void Loop_StoppedFromOutside_Exits70()
    {
        Assert.Equal(ExitCode.Failed, Booted.Run<Job<EndsTheLoop>>().Code);
    }

    [Fact]
    public void Noop_IsDone()
    {
        Assert.Equal(new Booted(ExitCode.Done, "", "", TimeSpan.Zero), Booted.Run<Noop>());
    }

    [Fact]
    public void Jobs_Nested_RunOneAfterAnotherOverSharedDevices()
    {
        var booted = Booted.Run<Jobs<Job<Says<A>>, Jobs<Job<Says<B>>, Job<Says<C>>>>>();
        Assert.Equal(["+A", "begin A", "end A", "begin B", "end B", "begin C", "end C", "-A"], booted.Lines);
        Assert.Equal((ExitCode.Done, TimeSpan.FromSeconds(3)), (booted.Code, booted.Elapsed));
    }

    [Fact]
    public void Jobs_AfterAFailure_AreNotStarted()
    {
        var booted = Booted.Run<Jobs<Job<Fails>, Job<Says<B>>>>();
        Assert.Equal(["+A", "-A"], booted.Lines);
        Assert.Equal((ExitCode.Failed, "Jobs: InvalidOperationException: boom\n"), (booted.Code, booted.Error));
    }

    [Fact]
    public void Jobs_AfterAStop_AreNotStarted()
    {
        Assert.Equal(["+A", "cleaned up", "-A"], Booted.Run<Jobs<Job<StopsSlowly>, Job<Says<B>>>>().Lines);
    }

    [Fact]
    public void Logs_OfAHostWithItsOwnFactory_AreLeftAlone()
    {
        using var factory = new OwnFactory();
        using var host = new SimHost { Logs = factory };
        Assert.Equal(ExitCode.Done, Boot.Run<Noop>(host, []));
        Assert.Same(factory, host.Logs);
    }

    private readonly struct StopsWhileConnecting : IDevice<StopsWhileConnecting>
    {
        public static Impl<StopsWhileConnecting> Impl => (BootHost.Map(static host =>
        {
            host.RequestStop();
            return host;
        }), Of<Part<A>>()).Apply(static (_, _) => default(StopsWhileConnecting));
    }

    private sealed class OwnFactory : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => NullLogger.Instance;

        public void Dispose() { }
    }
}
