using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Mirage;

/// <summary>A logger of one source that writes lines of text.</summary>
internal sealed class TextLogger(Host host, string source, LogLevel least) : ILogger
{
    // What a peer sent may be part of a message; longer ones are cut so that it cannot fill a disk with one line.
    private const int MessageMax = 4096;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel is not LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
            return;

        var message = formatter(state, exception);
        if (exception is not null)
            message = $"{message}: {(least <= LogLevel.Debug ? exception.ToString() : Brief(exception))}";
        var (time, level) = (host.Loop.UtcNow, LogFilter.NameOf(logLevel));
        // One write a line, so that lines of other threads do not come in between.
        host.Error.Write(string.Create(CultureInfo.InvariantCulture,
            $"{time:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {level} {source}: {OneLine(message)}\n"));
    }

    private static string Brief(Exception exception) => $"{exception.GetType().Name}: {exception.Message}";

    // What a peer sent may hold a line end, to be followed by a line of its making, or a terminal's commands: an indent
    // shows what continues a message, and other control characters do not get through.
    private static string OneLine(string message)
    {
        if (message.Length > MessageMax)
            message = message[..MessageMax] + "…";
        if (!message.Any(char.IsControl))
            return message;

        var lines = message.Replace("\r\n", "\n", StringComparison.Ordinal);
        return string.Concat(lines.Select(static letter => letter switch
        {
            '\n' => "\n    ",
            '\t' => "\t",
            _ when char.IsControl(letter) => "\uFFFD",
            _ => letter.ToString(),
        }));
    }
}
