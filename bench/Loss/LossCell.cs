using System.Globalization;
using Mirage.Testing;

namespace Mirage.Bench;

/// <summary>One cell of the loss table: a bottleneck, what it loses, and who sends.</summary>
/// <param name="LossPermille">Frames that are lost each way, thousandths.</param>
/// <param name="RttMs">The round trip of an empty path.</param>
/// <param name="Megabits">The rate of the bottleneck, 10⁶ bits a second.</param>
/// <param name="Queue">What waits at the bottleneck at most, in products of rate and round trip.</param>
/// <param name="IsBursty">Whether losses come in runs of five and more.</param>
/// <param name="Sender">Who sends.</param>
public sealed record LossCell(
    int LossPermille, int RttMs, int Megabits, double Queue, bool IsBursty = false, LossSender Sender = LossSender.Cubic)
{
    // Of a thousand frames so many leave or enter a bad stretch, together; a stretch that loses everything is five
    // frames long at the least.
    private const int BurstPermille = 200;

    /// <summary>Bits a second.</summary>
    public long BitsPerSecond => Megabits * 1_000_000L;

    /// <summary>What each way is like.</summary>
    public LinkModel Model => new()
    {
        Latency = Latency.Fixed(TimeSpan.FromMilliseconds(RttMs) / 2),
        BitsPerSecond = BitsPerSecond,
        QueueBytes = (int)(BitsPerSecond / 8 * RttMs / 1000 * Queue),
        LossPermille = IsBursty ? 0 : LossPermille,
        Bursts = IsBursty ? Bursts : null,
    };

    /// <summary>The key that a line of the golden table begins with.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{LossPermille / 10.0:0.0}\t{(IsBursty ? "bursts" : "each")}\t{RttMs}\t{Megabits}\t{Queue:0.0}\t{Sender}");

    // Enter / (enter + leave) is the share of frames on a bad stretch, all of which are lost.
    private LossBursts Bursts
    {
        get
        {
            var enter = LossPermille * BurstPermille / 1000;
            return new LossBursts(enter, BurstPermille - enter);
        }
    }
}
