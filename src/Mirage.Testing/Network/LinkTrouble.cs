namespace Mirage.Testing;

/// <summary>What goes wrong on a link. Chances are in thousandths.</summary>
public record LinkTrouble
{
    /// <summary>Frames that are lost, each for itself.</summary>
    public int LossPermille { get; init => field = Checked(value, 1000); }

    /// <summary>Frames that are lost one after another; null for none.</summary>
    public LossBursts? Bursts { get; init; }

    /// <summary>Frames that arrive twice.</summary>
    public int DuplicatePermille { get; init => field = Checked(value, 1000); }

    /// <summary>Frames that are overtaken by those behind them. All others keep their order, however latencies
    /// vary.</summary>
    public int ReorderPermille { get; init => field = Checked(value, 1000); }

    /// <summary>How much longer a frame that is overtaken takes.</summary>
    public Latency ReorderDelay { get; init; } =
        Latency.Uniform(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20));

    /// <summary>Frames of which one bit is flipped.</summary>
    public int CorruptPermille { get; init => field = Checked(value, 1000); }

    /// <summary>IP packets longer than this vanish without a word, bytes; 0 for none. A black hole of path MTU
    /// discovery.</summary>
    public int BlackHoleMtu { get; init => field = Checked(value, 65_535); }

    /// <summary>What comes on top of a frame's time under way.</summary>
    public Latency Delay { get; init; }

    private static int Checked(int value, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max);
        return value;
    }
}
