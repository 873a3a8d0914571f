namespace Mirage.Net;

/// <summary>What losses have shown to be too much. Plain numbers, so that they can be kept and taken back.</summary>
internal struct BbrBounds()
{
    /// <summary>No bound.</summary>
    public const long None = long.MaxValue;

    /// <summary>BBR.bw_shortterm, bytes a second.</summary>
    public long BandwidthShortTerm = None;

    /// <summary>BBR.inflight_shortterm, bytes.</summary>
    public long InFlightShortTerm = None;

    /// <summary>BBR.inflight_longterm, bytes.</summary>
    public long InFlightLongTerm = None;

    /// <summary>ResetShortTermModel: what others have done is forgotten, and found out anew.</summary>
    public void ResetShortTerm() => (BandwidthShortTerm, InFlightShortTerm) = (None, None);

    /// <summary>The losses after <paramref name="before"/> were none.</summary>
    public void Restore(in BbrBounds before)
    {
        BandwidthShortTerm = Math.Max(BandwidthShortTerm, before.BandwidthShortTerm);
        InFlightShortTerm = Math.Max(InFlightShortTerm, before.InFlightShortTerm);
        InFlightLongTerm = Math.Max(InFlightLongTerm, before.InFlightLongTerm);
    }
}
