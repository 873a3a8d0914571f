using System.Globalization;
using System.Text;
using Mirage.Bench;
using Xunit.Abstractions;

namespace Mirage.Net.Tests;

/// <summary>The goodput over links that lose, cell by cell, beside the committed one. The simulation is the same
/// everywhere, so what differs is the work of a change.</summary>
/// <remarks>A change that shifts one segment gives every lossy cell other luck. Renew the table when the mean has not
/// fallen, and say in the commit why it moved.</remarks>
public sealed class LossTableTests(ITestOutputHelper output)
{
    private const double Least = 0.97;

    private const string Renewal =
        "Look at why with 'dotnet run -c Release --project bench/Loss -- trace 10 loss=… rtt=…'. When it is right so, "
        + "renew: dotnet run -c Release --project bench/Loss -- golden > tests/Mirage.Net.Tests/Stack/loss-table.tsv";

    [Fact]
    [Trait("Behaviour", "158")]
    public void EveryCell_AgainstTheCommittedTable_IsNoLower()
    {
        var committed = Parse(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Stack", "loss-table.tsv")));
        var measured = Parse([LossTable.Header, .. LossTable.MeasureGolden()]);
        Assert.True(committed.Keys.SequenceEqual(measured.Keys), $"The table has other cells. {Renewal}");
        var report = new StringBuilder();
        var (lower, higher, logarithms) = (0, 0, 0.0);
        foreach (var (key, before) in committed)
        {
            var ratio = measured[key] / before;
            logarithms += Math.Log(ratio);
            (lower, higher) = (lower + (ratio < Least ? 1 : 0), higher + (ratio > 1 / Least ? 1 : 0));
            if (ratio is < Least or > 1 / Least)
                report.AppendLine(CultureInfo.InvariantCulture, $"{key}: {before} before, {measured[key]} now");
        }

        var mean = Math.Exp(logarithms / committed.Count);
        var summary = string.Create(
            CultureInfo.InvariantCulture, $"{lower} cells are lower, {higher} higher, all {mean:0.000} times.");
        output.WriteLine($"{summary}\n{report}");
        Assert.True(lower == 0, $"{summary}\n{report}{Renewal}");
    }

    [Fact]
    [Trait("Conforms", "RFC 9438 section 5.8")]
    public void LongPath_BoundByTheSendQueue_IsFullAndItsWindowDoesNotGrowFurther()
    {
        var world = new LossWorld(new LossCell(0, RttMs: 200, Megabits: 100, Queue: 1), seed: 1);
        world.Megabits(TimeSpan.FromSeconds(5));
        var window = world.Info.CurrentCwnd;
        Assert.InRange(window, 2_500_000, FlowWriter.PauseMax); // A product of rate and round trip at the least.
        Assert.InRange(world.Megabits(TimeSpan.FromSeconds(2)), 94, 97);
        Assert.InRange(world.Info.CurrentCwnd, window, window + world.Info.CurrentMss);
    }

    // A window has no bound where nothing is lost: what it lets out beyond the path waits in the router, and as much
    // again in our memory.
    [Fact]
    public void DeepQueue_PathIsFull_AndTheQueueIsNot()
    {
        var world = new LossWorld(new LossCell(0, RttMs: 10, Megabits: 100, Queue: 100), seed: 1);
        world.Megabits(TimeSpan.FromSeconds(10));
        Assert.InRange(world.Megabits(TimeSpan.FromSeconds(10)), 94, 97);
        Assert.InRange(world.Info.SmoothedRtt!.Value.TotalMilliseconds, 10, 100);
        Assert.InRange(world.Info.Unsent, 0, 1 << 20);
    }

    private static OrderedDictionary<string, double> Parse(IEnumerable<string> lines)
    {
        var table = new OrderedDictionary<string, double>();
        foreach (var line in lines.Skip(1))
        {
            var at = line.LastIndexOf('\t');
            table.Add(line[..at].Replace('\t', ' '), double.Parse(line[(at + 1)..], CultureInfo.InvariantCulture));
        }

        return table;
    }
}
