// Is a closed functor chain as fast as the same code written by hand? The answer is the exit code: 0 yes, 1 no.
using System.Diagnostics;
using Mirage.Bench;

const int Rounds = 51, CallsARound = 2_000_000;
const double OfByHandMax = 1.2, OfInterfaceMax = 0.6;

var functors = new Functors<Layer<Layer<Layer<Layer<Layer<Wire>>>>>>(Chains.Five());
var byHand = new Hand(new ByHand(20, 20, 20, 20, 20));
var byInterface = new Objects(ByInterface.Connect(20));

// Rounds of the three are interleaved, so that whatever else the machine does falls on all of them alike.
var times = new double[3][];
for (var kind = 0; kind < 3; kind++)
    times[kind] = new double[Rounds];
for (var round = -10; round < Rounds; round++) // The first ten are thrown away: the JIT still compiles.
{
    var measured = (Measure(byHand.Run), Measure(functors.Run), Measure(byInterface.Run));
    if (round >= 0)
        (times[0][round], times[1][round], times[2][round]) = measured;
}

var (hand, functor, objects) = (Median(times[0]), Median(times[1]), Median(times[2]));
var runtime = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null ? "Native AOT" : "JIT";
Console.WriteLine($"{runtime}, {Rounds} rounds of {CallsARound:N0} calls, medians");
Console.WriteLine("| five layers | ns a call | to by hand | to interfaces |");
Console.WriteLine("|---|---|---|---|");
Console.WriteLine($"| by hand, one class | {hand:F2} | 1.00 | {hand / objects:F2} |");
Console.WriteLine($"| functors, struct handles | {functor:F2} | {functor / hand:F2} | {functor / objects:F2} |");
Console.WriteLine($"| interface calls | {objects:F2} | {objects / hand:F2} | 1.00 |");

var holds = functor <= OfByHandMax * hand && functor <= OfInterfaceMax * objects;
Console.WriteLine($"functors <= {OfByHandMax} x by hand and <= {OfInterfaceMax} x interface calls: " +
    (holds ? "holds" : "DOES NOT HOLD"));
return holds ? 0 : 1;

static double Measure(Func<int, long> run)
{
    var started = Stopwatch.GetTimestamp();
    var total = run(CallsARound);
    var elapsed = Stopwatch.GetElapsedTime(started);
    if (total != CallsARound * (64L - 40))
        throw new InvalidOperationException($"The frames began at {total / CallsARound} and not at 24.");
    return elapsed.TotalNanoseconds / CallsARound;
}

static double Median(double[] values)
{
    Array.Sort(values);
    return values[values.Length / 2];
}
