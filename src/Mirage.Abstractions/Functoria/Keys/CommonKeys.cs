namespace Mirage;

/// <summary>The keys that every unikernel has.</summary>
internal static class CommonKeys
{
    private const string Section = "COMMON";

    public static Key<bool> Help { get; } =
        Command("help", KeyConverter.Bool, "true", "Show this help and end.");

    public static Key<bool> Version { get; } =
        Command("version", KeyConverter.Bool, "true", "Show the versions and end.");

    public static Key<DescribeFormat> Describe { get; } = Command("describe",
        KeyConverter.OneOf(
            ("text", DescribeFormat.Text), ("dot", DescribeFormat.Dot), ("mermaid", DescribeFormat.Mermaid)),
        "text", "Show the devices and the keys that they are made from, with the values given, and end.");

    public static Key<LogFilter> Logs { get; } = Key.Optional("logs",
        new KeyConverter<LogFilter>(
            LogFilter.TryParse, static filter => filter.ToString(), LogFilter.Expected, "LEVELS"),
        LogFilter.Default,
        "What to log: the level of each source, as *:info,tcp:debug. "
        + "Levels are quiet, app, error, warning, info, debug.",
        section: Section);

    public static IReadOnlyList<IKey> All => [Logs, Describe, Version, Help];

    private static Key<T> Command<T>(string name, KeyConverter<T> converter, string implied, string doc) =>
        new(name, converter, new(KeyKind.Flag, doc, Stage.Run, Section) { Implied = implied, IsCommand = true });
}
