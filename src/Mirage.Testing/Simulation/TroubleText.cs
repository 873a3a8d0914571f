using System.Globalization;

namespace Mirage.Testing;

/// <summary>What goes wrong on links, as words of a plan: <c>loss=30 bursts=5/100/1000
/// delay=0.01s..0.02s</c>.</summary>
internal static class TroubleText
{
    private static readonly LinkTrouble s_none = new();

    /// <summary>The words, each after a space.</summary>
    public static string Write(LinkTrouble trouble)
    {
        var words = new List<string>();
        Add("loss", trouble.LossPermille);
        if (trouble.Bursts is { } bursts)
            words.Add(Text($" bursts={bursts.EnterPermille}/{bursts.LeavePermille}/{bursts.LossPermille}"));
        Add("duplicate", trouble.DuplicatePermille);
        Add("reorder", trouble.ReorderPermille);
        if (trouble.ReorderDelay != s_none.ReorderDelay)
            words.Add($" reorder-delay={trouble.ReorderDelay}");
        Add("corrupt", trouble.CorruptPermille);
        Add("blackhole", trouble.BlackHoleMtu);
        if (trouble.Delay != s_none.Delay)
            words.Add($" delay={trouble.Delay}");
        return string.Concat(words);

        void Add(string name, int value)
        {
            if (value != 0)
                words.Add(Text($" {name}={value}"));
        }
    }

    public static LinkTrouble Read(ReadOnlySpan<string> words)
    {
        var trouble = s_none;
        foreach (var word in words)
        {
            var (name, value) = word.Split('=') is [var left, var right]
                ? (left, right)
                : throw new FormatException($"'{word}' is no trouble of a link: write NAME=VALUE");
            trouble = name switch
            {
                "loss" => trouble with { LossPermille = Number(value, 1000) },
                "bursts" => trouble with { Bursts = Bursts(value) },
                "duplicate" => trouble with { DuplicatePermille = Number(value, 1000) },
                "reorder" => trouble with { ReorderPermille = Number(value, 1000) },
                "reorder-delay" => trouble with { ReorderDelay = Latency.Parse(value) },
                "corrupt" => trouble with { CorruptPermille = Number(value, 1000) },
                "blackhole" => trouble with { BlackHoleMtu = Number(value, 65_535) },
                "delay" => trouble with { Delay = Latency.Parse(value) },
                _ => throw new FormatException($"links have no trouble '{name}'"),
            };
        }

        return trouble;
    }

    private static LossBursts Bursts(string value) => value.Split('/') switch
    {
        [var enter, var leave] => new(Number(enter, 1000), Number(leave, 1000)),
        [var enter, var leave, var loss] => new(Number(enter, 1000), Number(leave, 1000), Number(loss, 1000)),
        _ => throw new FormatException($"'{value}' is no kind of burst: write ENTER/LEAVE/LOSS in thousandths"),
    };

    private static int Number(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw new FormatException($"'{text}' is no number from 0 to {max}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
