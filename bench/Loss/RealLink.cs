using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mirage.Bench;

/// <summary>One way of a <see cref="LossCell"/> between two TAPs of the kernel, in real time: the rate, the queue and
/// the losses of a simulated link.</summary>
public sealed class RealLink(Tap from, Tap to, LossCell cell, int seed)
{
    private const int FrameMax = 2048;
    private static readonly TimeSpan s_nap = TimeSpan.FromMicroseconds(100);
    private readonly ConcurrentQueue<(long DueTicks, byte[] Frame)> _flying = new();

    /// <summary>Carries frames on two threads until the process ends.</summary>
    public void Start()
    {
        new Thread(Take) { IsBackground = true }.Start();
        new Thread(Give) { IsBackground = true }.Start();
    }

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private void Take()
    {
        var random = new Random(seed);
        var buffer = new byte[FrameMax];
        var model = cell.Model;
        var delay = Ticks(cell.RttMs / 2000.0);
        var freeTicks = 0L; // When the last frame of the queue has left.
        while (from.Read(buffer) is > 0 and var length)
        {
            var now = Stopwatch.GetTimestamp();
            var backlog = Math.Max(0, freeTicks - now);
            if (backlog > TicksOf(model.QueueBytes))
                continue;
            freeTicks = now + backlog + TicksOf(length);
            if (random.Next(1000) >= cell.LossPermille)
                _flying.Enqueue((freeTicks + delay, buffer[..length]));
        }

        long TicksOf(long bytes) => Ticks(bytes * 8.0 / cell.BitsPerSecond);
    }

    private void Give()
    {
        while (true)
        {
            if (!_flying.TryPeek(out var next) || next.DueTicks > Stopwatch.GetTimestamp())
                Tap.Sleep(s_nap);
            else if (_flying.TryDequeue(out next))
                to.Write(next.Frame);
        }
    }
}
