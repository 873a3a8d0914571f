using Microsoft.Extensions.Logging;

namespace Mirage;

/// <summary>The least level that is logged, for each source: MirageOS's <c>--logs</c>.</summary>
/// <remarks>
/// Written <c>*:info,tcp:debug</c>; a level alone is for every source. A source is the category of a logger, upper and
/// lower case alike, and all categories below it: <c>tcp</c> is also <c>tcp.timers</c>. The longest source that fits
/// decides.
/// </remarks>
public sealed class LogFilter
{
    private static readonly (string Name, LogLevel Level)[] s_levels =
    [
        ("quiet", LogLevel.None), ("app", LogLevel.Critical), ("error", LogLevel.Error), ("warning", LogLevel.Warning),
        ("info", LogLevel.Information), ("debug", LogLevel.Debug),
    ];

    private readonly (string Source, LogLevel Level)[] _rules;
    private readonly LogLevel _level;

    private LogFilter(LogLevel level, (string Source, LogLevel Level)[] rules) => (_level, _rules) = (level, rules);

    /// <summary>MirageOS's default: <c>*:info</c>.</summary>
    public static LogFilter Default { get; } = new(LogLevel.Information, []);

    internal static string Expected =>
        "a level or source:level separated by commas, as *:info,tcp:debug, where a level is "
        + Sentence.Or([.. s_levels.Select(static level => level.Name)]);

    /// <summary>The name of a level, as filters and log lines have it.</summary>
    public static string NameOf(LogLevel level) => Array.Find(s_levels, item => item.Level == level).Name ?? "debug";

    /// <summary>Reads a filter and says whether it could. Of two rules for one source the later counts.</summary>
    public static bool TryParse(string text, out LogFilter filter)
    {
        ArgumentNullException.ThrowIfNull(text);
        filter = Default;
        var level = Default._level;
        var rules = new List<(string Source, LogLevel Level)>();
        foreach (var rule in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var colon = rule.LastIndexOf(':');
            var index = Array.FindIndex(s_levels, item => item.Name == rule[(colon + 1)..]);
            var source = colon < 0 ? "*" : rule[..colon];
            if (index < 0 || source.Length == 0)
                return false;

            if (source == "*")
            {
                level = s_levels[index].Level;
                continue;
            }

            rules.RemoveAll(other => string.Equals(other.Source, source, StringComparison.OrdinalIgnoreCase));
            rules.Add((source, s_levels[index].Level));
        }

        filter = new(level, [.. rules]);
        return true;
    }

    /// <summary>The least level that is logged for loggers of <paramref name="category"/>.</summary>
    public LogLevel LevelOf(string category)
    {
        ArgumentNullException.ThrowIfNull(category);
        var (level, length) = (_level, 0);
        foreach (var rule in _rules)
        {
            if (rule.Source.Length > length && IsAt(category, rule.Source))
                (level, length) = (rule.Level, rule.Source.Length);
        }

        return level;
    }

    /// <summary>The filter as it is written.</summary>
    public override string ToString() =>
        string.Join(',', _rules.Prepend(("*", _level)).Select(static rule => $"{rule.Item1}:{NameOf(rule.Item2)}"));

    private static bool IsAt(string category, string source) =>
        category.StartsWith(source, StringComparison.OrdinalIgnoreCase)
        && (category.Length == source.Length || category[source.Length] == '.');
}
