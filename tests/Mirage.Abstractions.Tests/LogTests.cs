using FsCheck.Xunit;
using Microsoft.Extensions.Logging;
using Mirage.Testing;

namespace Mirage.Tests;

public sealed class LogTests
{
    [Theory]
    [InlineData("info", "tcp", LogLevel.Information)]
    [InlineData("*:error", "tcp", LogLevel.Error)]
    [InlineData("*:info,tcp:debug", "tcp", LogLevel.Debug)]
    [InlineData("*:info,tcp:debug", "TCP", LogLevel.Debug)]
    [InlineData("*:info,tcp:debug", "udp", LogLevel.Information)]
    [InlineData("tcp:debug", "tcp.timers", LogLevel.Debug)]
    [InlineData("tcp:debug", "tcpip", LogLevel.Information)]
    [InlineData("tcp:debug,tcp.timers:error", "tcp.timers", LogLevel.Error)]
    [InlineData("tcp.timers:error,tcp:debug", "tcp.timers", LogLevel.Error)]
    [InlineData("tcp:debug,tcp:app", "tcp", LogLevel.Critical)]
    [InlineData("quiet", "tcp", LogLevel.None)]
    [InlineData("warning", "tcp", LogLevel.Warning)]
    public void Filter_GivesTheLevelOfASource(string text, string source, LogLevel level)
    {
        Assert.True(LogFilter.TryParse(text, out var filter));
        Assert.Equal(level, filter.LevelOf(source));
    }

    [Theory]
    [InlineData("")]
    [InlineData("loud")]
    [InlineData("*:loud")]
    [InlineData("tcp")]
    [InlineData("tcp:")]
    [InlineData(":info")]
    [InlineData("info,")]
    [InlineData("Info")]
    public void Filter_WithoutAKnownLevel_IsRefused(string text) => Assert.False(LogFilter.TryParse(text, out _));

    [Fact]
    public void UnknownLevel_IsRefusedNamingTheKnownOnes()
    {
        var booted = Booted.Run<Noop>("--logs=loud");
        Assert.Equal(ExitCode.BadArgument, booted.Code);
        Assert.Equal(
            [
                "--logs: expected a level or source:level separated by commas, as *:info,tcp:debug, "
                + "where a level is quiet, app, error, warning, info or debug, not 'loud'.",
            ],
            booted.Errors);
    }

    [Property]
    public void AnyFilter_IsRefused_OrPrintedAsItself(string? text)
    {
        if (!LogFilter.TryParse(text ?? "", out var filter))
            return;
        Assert.True(LogFilter.TryParse(filter.ToString(), out var again));
        Assert.Equal(filter.ToString(), again.ToString());
    }

    [Fact]
    public void Logs_OfASource_AreWrittenFromItsLevelUp()
    {
        var booted = Booted.Run<Job<Logs>>("--logs=*:warning,tcp:debug");
        Assert.Equal(
            [
                "2026-01-01T00:00:01.500Z debug tcp: a detail",
                "2026-01-01T00:00:01.500Z info tcp: news",
                "2026-01-01T00:00:01.500Z error udp: trouble: IOException: lost",
            ], booted.Errors);
    }

    [Fact]
    public void Logs_Quiet_WriteNothing() => Assert.Equal("", Booted.Run<Job<Logs>>("--logs=quiet").Error);

    [Fact]
    public void Logs_ByDefault_AreNewsAndWorse() =>
        Assert.Equal(
            ["info tcp: news", "error udp: trouble: IOException: lost"],
            Booted.Run<Job<Logs>>().Errors.Select(static line => line[25..]));

    [Fact]
    [Trait("Hostile", "36")]
    public void Message_OfAPeer_CannotForgeALine()
    {
        using var host = new SimHost();
        using var logs = new TextLoggerFactory(host, LogFilter.Default);
        logs.CreateLogger("http").Log(
            LogLevel.Information, default, "GET /\r\n2026-01-01 info boot: all is well\u001b[2J", null,
            static (text, _) => text);
        Assert.Equal(
            "2026-01-01T00:00:00.000Z info http: GET /\n    2026-01-01 info boot: all is well\uFFFD[2J\n",
            host.ErrorOutput);
    }

    [Fact]
    [Trait("Hostile", "36")]
    public void Message_LongerThanTheLimit_IsCut()
    {
        using var host = new SimHost();
        using var logs = new TextLoggerFactory(host, LogFilter.Default);
        var (atLimit, past) = (new string('x', 4096), new string('y', 4097));
        logs.CreateLogger("x").Log(LogLevel.Information, default, atLimit, null, static (text, _) => text);
        logs.CreateLogger("x").Log(LogLevel.Information, default, past, null, static (text, _) => text);
        var lines = host.ErrorOutput.Split('\n');
        Assert.EndsWith("x", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("y…", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[0].Length + 1, lines[1].Length);
    }

    private readonly struct Logs : IScript
    {
        public static async ValueTask Run(Host host, CancellationToken stop)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1500), host.Time, stop);
            var (tcp, udp) = (host.Logs.CreateLogger("tcp"), host.Logs.CreateLogger("udp"));
            Log(tcp, LogLevel.Debug, "a detail");
            Log(tcp, LogLevel.Information, "news");
            Log(tcp, LogLevel.Trace, "too much");
            Log(udp, LogLevel.Debug, "too much");
            Log(udp, LogLevel.Error, "trouble", new IOException("lost"));
        }

        private static void Log(ILogger logger, LogLevel level, string text, Exception? exception = null) =>
            logger.Log(level, default, text, exception, static (state, _) => state);
    }
}
