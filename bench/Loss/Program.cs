using System.Globalization;
using Mirage.Bench;

// Goodput over a bottleneck that loses. `SECONDS [COLUMN=VALUE …]` prints cells of the table in virtual time;
// `median SECONDS RUNS COLUMN=VALUE …` the medians of several seeds; `join TAP TAP SEED COLUMN=VALUE …` carries frames
// between two TAPs in real time as a cell says; `trace SECONDS COLUMN=VALUE …` prints what the sender
// thinks every 0.1 s; `pair SECONDS SENDER SENDER COLUMN=VALUE …` prints what two flows that share a bottleneck receive
// every 5 s, the second 5 s after the first; `golden` prints the table that a test has.
if (args is ["join", var one, var other, var seed, ..])
{
    var cell = Cells(args[4..]).First();
    var (left, right) = (new Tap(one), new Tap(other));
    new RealLink(left, right, cell, Number(seed)).Start();
    new RealLink(right, left, cell, Number(seed) + 1).Start();
    Console.WriteLine("joined");
    Thread.Sleep(Timeout.Infinite);
}

if (args is ["median", var length, var runs, ..])
{
    foreach (var sample in Cells(args[3..]))
    {
        var sorted = Enumerable.Range(1, Number(runs)).AsParallel()
            .Select(run => LossWorld.Megabits(sample, (ulong)run, TimeSpan.FromSeconds(Number(length))))
            .Order().ToArray();
        Console.WriteLine(LossTable.Line(sample, sorted[sorted.Length / 2]));
    }

    return;
}

if (args is ["trace", var till, ..])
{
    var world = new LossWorld(Cells(args[2..]).First(), seed: 1);
    for (var tenth = 1; tenth <= 10 * Number(till); tenth++)
    {
        var megabits = world.Megabits(TimeSpan.FromMilliseconds(100));
        Console.WriteLine(LossTable.Trace(tenth / 10.0, megabits, world.Info));
    }

    return;
}

if (args is ["pair", var duration, var first, var second, ..])
{
    var step = TimeSpan.FromSeconds(5);
    foreach (var shared in Cells([.. args[4..], $"sender={first}"]))
    {
        var world = PairWorld.Of(
            Enum.Parse<LossSender>(first), Enum.Parse<LossSender>(second), shared, seed: 1, later: step);
        for (var at = step; at <= TimeSpan.FromSeconds(Number(duration)); at += step)
        {
            var (early, late) = world.Megabits(step);
            var rates = string.Create(CultureInfo.InvariantCulture, $"{early:0.00}\t{late:0.00}");
            Console.WriteLine($"{shared.Key}\t{second}\t{at.TotalSeconds} s\t{rates}");
        }
    }

    return;
}

Console.WriteLine(LossTable.Header);
if (args is ["golden"])
{
    foreach (var line in LossTable.MeasureGolden())
        Console.WriteLine(line);
    return;
}

var time = TimeSpan.FromSeconds(args.Length > 0 ? Number(args[0]) : 20);
foreach (var line in LossTable.Measure(Cells(args[Math.Min(1, args.Length)..]), seed: 1, _ => time))
    Console.WriteLine(line);

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static IEnumerable<LossCell> Cells(string[] words) =>
    LossTable.All.Where(cell => words.All(word => LossTable.Has(cell, word)));
