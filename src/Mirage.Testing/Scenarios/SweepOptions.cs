using System.Globalization;

namespace Mirage.Testing;

/// <summary>What the command line of a sweep asks for.</summary>
internal sealed record SweepOptions
{
    public const string Usage =
        "usage: sweep NAME [--time 60s] [--seeds N] [--first N] [--jobs N] [--replay DIRECTORY]; the names are";

    public TimeSpan Time { get; init; } = TimeSpan.MaxValue;

    public ulong Seeds { get; init; } = ulong.MaxValue;

    public ulong First { get; init; } = 1;

    public int Jobs { get; init; } = Math.Max(1, Environment.ProcessorCount);

    public string? Replay { get; init; }

    /// <summary>Reads the options; without time and seeds it is a minute.</summary>
    /// <exception cref="FormatException">An option is unknown or its value is none.</exception>
    public static SweepOptions Parse(IEnumerable<string> args)
    {
        var options = new SweepOptions();
        var words = args.SelectMany(static word =>
            word.StartsWith("--", StringComparison.Ordinal) ? word.Split('=', 2) : [word]).ToArray();
        for (var index = 0; index < words.Length; index += 2)
        {
            var value = index + 1 < words.Length
                ? words[index + 1]
                : throw new FormatException($"{words[index]} needs a value");
            options = words[index] switch
            {
                "--time" => options with { Time = Positive(FaultText.ReadSpan(value)) },
                "--seeds" => options with { Seeds = Number(words[index], value) },
                "--first" => options with { First = Number(words[index], value) },
                "--jobs" => options with { Jobs = (int)Math.Clamp(Number(words[index], value), 1, 1024) },
                "--replay" => options with { Replay = value },
                var other => throw new FormatException($"'{other}' is no option: {Usage} listed without one"),
            };
        }

        return options is { Time.Ticks: long.MaxValue, Seeds: ulong.MaxValue }
            ? options with { Time = TimeSpan.FromMinutes(1) }
            : options;
    }

    private static TimeSpan Positive(TimeSpan time) =>
        time > TimeSpan.Zero ? time : throw new FormatException("--time needs more than no time");

    private static ulong Number(string option, string value) =>
        ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{option} needs a number from 1 on, not '{value}'");
}
