namespace Mirage.Net.Tests;

/// <summary>A control with a model of the path that keeps what it is told.</summary>
internal sealed class ToldControl : CongestionControl
{
    /// <summary>Whether the window opens as in slow start.</summary>
    public bool Opens { get; init; }

    public List<TcpLossSample> Losses { get; } = [];

    public List<TcpAckSample> Samples { get; } = [];

    public override string Name => "told";

    public override bool IsModelBased => true;

    public override void OnAcknowledged(in TcpAckSample sample)
    {
        Samples.Add(sample);
        if (Opens)
            Grow(sample.DeliveredBytes);
    }

    public override void OnLost(in TcpLossSample sample) => Losses.Add(sample);

    public override void OnRecovered(long inFlight, long nowNs)
    {
    }

    protected override void Reduce(long inFlight, bool isMark, long nowNs)
    {
    }
}
