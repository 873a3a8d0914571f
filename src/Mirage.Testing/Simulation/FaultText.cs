using System.Globalization;

namespace Mirage.Testing;

/// <summary>Faults as lines of a plan.</summary>
internal static class FaultText
{
    public static string Write(Fault fault) => fault switch
    {
        Fault.Isolate it => $"{Span(it.At)} for {Span(it.For)} isolate {string.Join(',', it.Machines)}",
        Fault.Cut it => $"{Span(it.At)} for {Span(it.For)} cut {it.From}>{it.To}",
        Fault.Worsen it => $"{Span(it.At)} for {Span(it.For)} worsen {it.Machine}{TroubleText.Write(it.Trouble)}",
        Fault.Crash it => $"{Span(it.At)} for {Span(it.For)} crash {it.Machine}",
        Fault.Pause it => $"{Span(it.At)} for {Span(it.For)} pause {it.Machine}",
        Fault.ClockStep it => $"{Span(it.At)} clock {it.Machine} {Span(it.By)}",
        Fault.ClockDrift it => string.Create(
            CultureInfo.InvariantCulture, $"{Span(it.At)} drift {it.Machine} {it.Ppm}ppm"),
        Fault.Hardware it => $"{Span(it.At)} hardware {it.Machine}/{it.Name} {it.What}",
        _ => throw new ArgumentException($"A plan has no word for {fault.GetType().Name}.", nameof(fault)),
    };

    public static Fault Read(ReadOnlySpan<string> words)
    {
        var at = ReadSpan(words[0]);
        words = words[1..];
        var duration = TimeSpan.Zero;
        var lasts = words is ["for", _, ..];
        if (lasts)
        {
            duration = ReadSpan(words[1]);
            words = words[2..];
        }

        if (words.Length < 2)
            throw new FormatException("expected: TIME [for TIME] FAULT WHERE …");
        Fault fault = words[0] switch
        {
            "isolate" => new Fault.Isolate(at, duration, Alone(words).Split(',')),
            "cut" when Alone(words).Split('>') is [var from, var to] => new Fault.Cut(at, duration, from, to),
            "worsen" => new Fault.Worsen(at, duration, words[1], TroubleText.Read(words[2..])),
            "crash" => new Fault.Crash(at, duration, Alone(words)),
            "pause" => new Fault.Pause(at, duration, Alone(words)),
            "clock" when words is [_, var machine, var by] => new Fault.ClockStep(at, machine, ReadSpan(by)),
            "drift" when words is [_, var machine, var ppm] => new Fault.ClockDrift(at, machine, ReadPpm(ppm)),
            "hardware" when words is [_, var place, _, ..] && place.Split('/') is [var machine, var name] =>
                new Fault.Hardware(at, machine, name, string.Join(' ', words[2..]!)),
            _ => throw new FormatException($"'{string.Join(' ', words!)}' is no fault"),
        };
        return lasts == fault is Fault.Isolate or Fault.Cut or Fault.Worsen or Fault.Crash or Fault.Pause
            ? fault
            : throw new FormatException(lasts ? $"{fault.Kind} has no duration" : $"{fault.Kind} needs 'for TIME'");
    }

    /// <summary>A time as seconds, exactly: <c>2.5s</c>.</summary>
    public static string Span(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.Ticks / (decimal)TimeSpan.TicksPerSecond:0.#######}s");

    public static TimeSpan ReadSpan(string text) =>
        text.EndsWith('s') && decimal.TryParse(text.AsSpan(0, text.Length - 1),
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out var seconds)
        && Math.Abs(seconds) < 1_000_000_000
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw new FormatException($"'{text}' is no time: write seconds, as in 2.5s");

    private static string Alone(ReadOnlySpan<string> words) => words.Length == 2
        ? words[1]
        : throw new FormatException($"'{words[2]}' is too much after '{words[0]} {words[1]}'");

    private static int ReadPpm(string text) =>
        text.EndsWith("ppm", StringComparison.Ordinal) && int.TryParse(text.AsSpan(0, text.Length - 3),
            NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ppm)
        && ppm is >= -500_000 and <= 1_000_000
            ? ppm
            : throw new FormatException($"'{text}' is no drift: write millionths, as in 200ppm");
}
