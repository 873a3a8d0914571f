using Microsoft.Extensions.Logging;

namespace Mirage;

/// <summary>Writes logs as lines of text to a host's error output: time, level, source, message.</summary>
public sealed class TextLoggerFactory : ILoggerFactory
{
    private readonly Host _host;
    private readonly LogFilter _filter;

    /// <summary>Loggers that pass on what <paramref name="filter"/> lets through.</summary>
    public TextLoggerFactory(Host host, LogFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        (_host, _filter) = (host, filter);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        new TextLogger(_host, categoryName, _filter.LevelOf(categoryName));

    /// <summary>Does nothing: there is one destination, the host's.</summary>
    public void AddProvider(ILoggerProvider provider) { }

    /// <inheritdoc/>
    public void Dispose() { }
}
