namespace Mirage.Testing;

/// <summary>What the way from one port of a network to another is like.</summary>
public sealed record LinkModel : LinkTrouble
{
    /// <summary>How long a frame is under way when all is well, transmission aside.</summary>
    public Latency Latency { get; init; } = Latency.Fixed(TimeSpan.FromMilliseconds(1));

    /// <summary>Bits a second; 0 for no limit.</summary>
    public long BitsPerSecond
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Bytes that wait for the link where it has a rate; a frame that finds more is dropped.</summary>
    public int QueueBytes { get; init; } = 256 * 1024;
}
