using Mirage.Bench;

// What a connection costs: memory of one that idles, and the time of an exchange with few and with many of them open.
const int Few = 10;
const int Many = 100_000;
const int Rounds = 100_000;
const int Repeats = 3;

var before = GC.GetTotalMemory(forceFullCollection: true);
var many = new FlowsWorld(Many);
var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
Console.WriteLine(
    $"{Many} idle connections: {bytes / 1e6:F0} MB for both ends, "
    + $"{bytes / 2.0 / Many:F0} bytes an end, with who reads");

var few = new FlowsWorld(Few);
var costs = Enumerable.Range(0, 3).Select(static _ => new List<double>()).ToArray();
for (var repeat = -1; repeat < Repeats; repeat++)
{
    double[] round = [few.Exchange(Few, Rounds), many.Exchange(Few, Rounds), many.Exchange(Many, Rounds)];
    for (var kind = 0; kind < round.Length && repeat >= 0; kind++) // The first is thrown away: the JIT still compiles.
        costs[kind].Add(round[kind]);
}

var medians = Array.ConvertAll(costs, static cost => cost.Order().ElementAt(cost.Count / 2));
Console.WriteLine($"{Few} connections, ns an exchange: {medians[0]:F0}");
Console.WriteLine($"{Few} of {Many}: {medians[1]:F0}, {medians[1] / medians[0]:F2} times");
Console.WriteLine($"{Many}, one after another: {medians[2]:F0}, {medians[2] / medians[0]:F2} times");
