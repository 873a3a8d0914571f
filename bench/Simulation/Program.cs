using System.Diagnostics;
using Mirage.Bench;

// How fast worlds go: an idle hour of ten machines, and a thousand transfers of a megabyte over a bad link.
const int Rounds = 5;
const int Transfers = 1000;

var idle = new double[Rounds];
for (var round = 0; round < Rounds; round++)
{
    var started = Stopwatch.GetTimestamp();
    IdleWorld.Run(TimeSpan.FromHours(1));
    idle[round] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
}

Array.Sort(idle);
Console.WriteLine(
    $"an idle hour of ten machines: {idle[Rounds / 2]:F1} ms, the median of {Rounds}, {idle[^1]:F1} at most");

var from = Stopwatch.GetTimestamp();
var next = 0;
var virtualSeconds = 0.0;
var lost = 0L;
var gate = new Lock();
var threads = new Thread[Environment.ProcessorCount];
for (var index = 0; index < threads.Length; index++)
{
    threads[index] = new Thread(() =>
    {
        while (Interlocked.Increment(ref next) is var number && number <= Transfers)
        {
            var world = new TransferWorld((ulong)number);
            world.Run();
            lock (gate)
            {
                virtualSeconds += world.Seconds;
                lost += world.Lost;
            }
        }
    });
    threads[index].Start();
}

foreach (var thread in threads)
    thread.Join();
var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
Console.WriteLine(
    $"{Transfers} transfers of 1 MB over 40 ms and 2 % loss: {seconds:F1} s on {threads.Length} cores; "
    + $"{virtualSeconds / 3600:F1} virtual hours, {lost} frames lost, "
    + $"{Transfers / virtualSeconds:F2} MB a virtual second");
