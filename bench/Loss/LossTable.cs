using System.Globalization;

namespace Mirage.Bench;

/// <summary>Which cells there are, and how they are printed.</summary>
public static class LossTable
{
    private const ulong GoldenSeed = 3;
    private static readonly int[] s_losses = [0, 1, 5, 10, 20, 50, 100, 200, 300];
    private static readonly int[] s_roundTrips = [10, 40, 100, 200];
    private static readonly int[] s_rates = [10, 100];
    private static readonly double[] s_queues = [0.1, 0.5, 1, 2, 4];
    private static readonly TimeSpan s_goldenTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longTime = TimeSpan.FromSeconds(60);
    private static readonly bool[] s_bursts = [false, true];

    /// <summary>The columns of a line: per cent, ms, and 10⁶ bits a second.</summary>
    public const string Header = "loss\tlosses\trtt\trate\tqueue\tsender\tgoodput";

    /// <summary>Every cell.</summary>
    public static IEnumerable<LossCell> All =>
        from sender in Enum.GetValues<LossSender>()
        from rate in s_rates
        from queue in s_queues
        from isBursty in s_bursts
        from roundTrip in s_roundTrips
        from loss in s_losses
        where !isBursty || loss >= 5
        select new LossCell(loss, roundTrip, rate, queue, isBursty, sender);

    /// <summary>The cells of the golden table: CUBIC by loss, round trip and queue, and each of the rest
    /// beside it.</summary>
    public static IEnumerable<LossCell> Golden => All.Where(static cell => cell switch
    {
        { Queue: < 0.5 or > 2 } => false,
        { Sender: LossSender.Bbr } => cell is { RttMs: 100, Queue: 1, IsBursty: false }
            && (cell.Megabits == 10 || cell.LossPermille is 10 or 50),
        { Megabits: 10, IsBursty: false, Sender: LossSender.Cubic } => true,
        { Megabits: 10, RttMs: 100, Queue: 1 } => cell.IsBursty != (cell.Sender == LossSender.Plain),
        { Megabits: 100, RttMs: 100, Queue: 1, IsBursty: false } => cell.LossPermille is 1 or 10 or 50,
        _ => false,
    });

    /// <summary>Whether a cell has what a word such as <c>rtt=100</c> says of one of the columns.</summary>
    public static bool Has(LossCell cell, string word)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return Header.Split('\t').Zip(cell.Key.Split('\t'), static (name, value) => $"{name}={value}").Contains(word);
    }

    /// <summary>A line of the table.</summary>
    public static string Line(LossCell cell, double megabits) =>
        string.Create(CultureInfo.InvariantCulture, $"{cell.Key}\t{megabits:0.000}");

    /// <summary>A line of a trace.</summary>
    public static string Trace(double seconds, double megabits, in TcpInfo info)
    {
        var segment = Math.Max(1, info.CurrentMss);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{seconds:0.0} s {megabits:0.00} Mbit/s, cwnd {info.CurrentCwnd / segment} of "
            + $"{info.CurrentSsthresh / segment}, "
            + $"in flight {info.Unacknowledged / segment}, sacked {info.Sacked / segment}, lost {info.Lost / segment}, "
            + $"again {info.SegmentsRetransmitted} of {info.SegmentsOut}, unsent {info.Unsent / segment}, "
            + $"peer's window {info.PeerWindow / segment}, "
            + $"rtt {info.SmoothedRtt?.TotalMilliseconds:0.0} ms, rto {info.CurrentRto.TotalMilliseconds:0} ms");
    }

    /// <summary>Measures the golden table.</summary>
    /// <remarks>Where a fifth and more is lost, little arrives in a second: these run for longer.</remarks>
    public static IReadOnlyList<string> MeasureGolden() =>
        Measure(Golden, GoldenSeed, static cell => cell.LossPermille < 200 ? s_goldenTime : s_longTime);

    /// <summary>Measures cells on all cores and gives their lines in order.</summary>
    public static IReadOnlyList<string> Measure(
        IEnumerable<LossCell> cells, ulong seed, Func<LossCell, TimeSpan> time) =>
        [.. cells.AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(cell => Line(cell, LossWorld.Megabits(cell, seed, time(cell))))];
}
